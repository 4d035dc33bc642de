// The state of chosen neurons, tick by tick, as CSV.
#pragma once

#include <string>
#include <vector>

#include "flux.h"
#include "output_file.h"

namespace flux::cli {

// "NEURON[,NEURON]:level,threshold,modulation=TRACE.csv", taken apart.
struct TraceRequest {
  std::vector<std::string> neurons;
  std::vector<std::string> fields;
  std::string path;
};
TraceRequest parse_trace(const std::string& text);  // throws CLI::ValidationError

class Trace {
 public:
  Trace(const TraceRequest& request, const Network& network);
  // Writes a line per neuron for the tick that was just computed.
  void record(const Network& network);
  void finish() { file_.finish(); }
  const std::string& path() const { return file_.path(); }

 private:
  using Reader = std::string (*)(const NeuronState&);
  struct Subject {
    NeuronIndex neuron;
    std::string name;
  };
  std::vector<Subject> subjects_;
  std::vector<Reader> readers_;
  OutputFile file_;
};

}  // namespace flux::cli
