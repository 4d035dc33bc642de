#include <fmt/format.h>

#include "core/explain.h"
#include "flux.h"
#include "network_impl.h"

namespace flux {

Result<Explanation> Network::why(NeuronIndex neuron, Tick t) {
  const Tick here = now();
  if (t > here || (t < here && !recording())) {
    return Error{fmt::format("tick {} is not recorded", t), "", "record the run, and ask for a tick that was computed"};
  }
  if (Status status = t < here ? seek(t) : Status(); !status) return status.error();
  if (t < here) (void)impl_->before_ticks(t);  // what was put in for this tick: seek() goes on from there
  Status status = impl_->check_neuron(neuron);
  Explanation explanation;
  if (status) explanation = explain(*impl_->graph, impl_->loop->state(), neuron, impl_->loop->stimuli());
  if (t < here) {
    if (Status back = seek(here); !back) return back.error();
  }
  return status ? Result<Explanation>(std::move(explanation)) : status.error();
}

}  // namespace flux
