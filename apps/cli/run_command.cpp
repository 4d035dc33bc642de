// flux run: a network, its inputs and whatever is to be recorded of it.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "arguments.h"
#include "commands.h"
#include "failure.h"
#include "flux.h"
#include "output_file.h"
#include "progress.h"
#include "runner.h"
#include "spike_recorder.h"
#include "stimuli.h"
#include "terminal.h"
#include "text.h"
#include "trace.h"
#include "watch.h"

namespace flux::cli {
namespace {

struct RunArguments {
  std::string file;
  std::string duration, speed;  // as written; empty: the default
  NetworkArguments network;
  std::string stimuli, record, svg, save, stats;
  std::vector<std::string> traces;
  bool watch = false;
};

class RunSession {
 public:
  explicit RunSession(const RunArguments& arguments);
  void run();

 private:
  void add_output(const std::string& path);
  void open_outputs();
  void on_fire(Tick tick, std::span<const NeuronIndex> neurons);
  void finish_outputs();
  void compute();
  void print_summary() const;
  std::string running_core() const;  // where the choice is automatic
  nlohmann::ordered_json stats() const;
  Tick end_tick() const;
  double default_speed() const { return arguments_.watch ? 1 : 0; }
  double model_seconds() const { return seconds_of(runner_.ticks_run(), tick_microseconds_); }
  bool writes_to_standard_output() const { return outputs_.contains("-"); }

  const RunArguments& arguments_;
  Network network_;
  std::uint32_t tick_microseconds_;
  Tick start_;
  Runner runner_;
  std::vector<std::string> labels_;
  std::set<std::string> outputs_;
  std::uint64_t spikes_ = 0;
  std::unique_ptr<SpikeTable> table_;
  std::unique_ptr<SpikePicture> picture_;
  std::unique_ptr<OutputFile> stats_file_;
  std::vector<std::unique_ptr<Trace>> traces_;
  std::unique_ptr<Watch> watch_;
};

Stimuli read_stimuli(const std::string& path, const Network& network) { return path.empty() ? Stimuli() : Stimuli(path, network); }

RunSession::RunSession(const RunArguments& arguments)
    : arguments_(arguments),
      network_(open_network(arguments.file, arguments.network)),
      tick_microseconds_(network_.settings().tick_microseconds),
      start_(network_.now()),
      runner_(network_, read_stimuli(arguments.stimuli, network_)) {
  if (arguments.watch && !is_terminal(stdout))
    throw Failure("--watch draws on a terminal, and standard output is none; use --svg or --record");
  runner_.set_speed(arguments.speed.empty() ? default_speed() : parse_speed(arguments.speed));
  open_outputs();
}

void RunSession::add_output(const std::string& path) {
  if (path.empty()) return;
  for (const std::string& other : outputs_) {
    if (is_same_file(path, other)) throw Failure(fmt::format("{}: two outputs of the run have this name; choose another for one", path));
  }
  outputs_.insert(path);
}

void RunSession::open_outputs() {
  if (arguments_.save == "-") throw Failure("--save writes no standard output; name a file");
  for (const std::string& path : {arguments_.record, arguments_.svg, arguments_.save, arguments_.stats}) add_output(path);
  for (const std::string& text : arguments_.traces) add_output(parse_trace(text).path);
  for (const std::string& path : outputs_) {
    require_other_file(path, arguments_.stimuli);
    if (path != arguments_.save) require_other_file(path, arguments_.file);  // a state may replace the one it continues
  }
  if (arguments_.watch && writes_to_standard_output())
    throw Failure("--watch needs standard output for itself; write to a file instead of -");
  if (!arguments_.save.empty()) OutputFile probe(arguments_.save);  // a run that cannot be saved had better not begin
  const bool draws = !arguments_.svg.empty() || arguments_.watch;
  const bool is_drawable = network_.size() <= FLUX_MOST_LABELS;
  if (draws && !is_drawable) {
    throw Failure(fmt::format("{}: {} neurons are too many to draw; use --record, and flux plot for a part of them", arguments_.file,
                              grouped(network_.size())));
  }
  if (draws || (!arguments_.record.empty() && is_drawable)) labels_ = neuron_labels(network_);
  if (!arguments_.record.empty()) table_ = std::make_unique<SpikeTable>(arguments_.record, network_, labels_);
  if (!arguments_.svg.empty()) picture_ = std::make_unique<SpikePicture>(arguments_.svg, network_, labels_);
  if (!arguments_.stats.empty()) stats_file_ = std::make_unique<OutputFile>(arguments_.stats);
  for (const std::string& text : arguments_.traces) traces_.push_back(std::make_unique<Trace>(parse_trace(text), network_));
}

void RunSession::on_fire(Tick tick, std::span<const NeuronIndex> neurons) {
  spikes_ += neurons.size();
  if (table_) table_->add(tick, neurons);
  if (picture_) picture_->add(tick, neurons);
  if (watch_) watch_->add(tick, neurons);
}

Tick RunSession::end_tick() const {
  if (arguments_.duration.empty() && arguments_.watch) return std::numeric_limits<Tick>::max();
  const std::string duration = arguments_.duration.empty() ? "5s" : arguments_.duration;
  return start_ + parse_duration(duration).to_ticks(tick_microseconds_);
}

void RunSession::compute() {
  const Tick end = end_tick();
  Progress progress(start_, end, tick_microseconds_);
  if (arguments_.watch) watch_ = std::make_unique<Watch>(network_, labels_, !table_ && !picture_ && traces_.empty());
  runner_.meanwhile([&] {
    if (watch_) return watch_->update(runner_);
    progress.show(network_.now(), runner_.real_time_factor());
    return true;
  });
  if (!traces_.empty()) {
    runner_.each_tick([&] {
      for (const auto& trace : traces_) trace->record(network_);
    });
  }
  runner_.run_until(end);
  show_notice(network_);
  if (watch_) spikes_ = watch_->spikes();
  watch_.reset();  // gives the terminal back
}

void RunSession::run() {
  catch_stop_signals();
  const auto subscription = network_.on_fire([this](Tick tick, std::span<const NeuronIndex> neurons) { on_fire(tick, neurons); });
  compute();
  network_.off(subscription);
  finish_outputs();
  print_summary();
}

void RunSession::finish_outputs() {
  if (table_) table_->finish();
  if (picture_) picture_->finish(network_.now());
  for (const auto& trace : traces_) trace->finish();
  if (!arguments_.save.empty()) ok_or_fail(network_.save(arguments_.save));
  if (stats_file_) {
    stats_file_->write(stats().dump(2) + "\n");
    stats_file_->finish();
  }
}

std::string RunSession::running_core() const { return network_.core().running == CoreKind::webgpu ? "webgpu" : "cpu"; }

nlohmann::ordered_json RunSession::stats() const {
  const NetworkCounts counts = network_.counts();
  const NetworkHash hash = network_.hash();
  nlohmann::ordered_json json;
  json["file"] = arguments_.file;
  json["title"] = network_.title();
  json["core"] = arguments_.network.core;
  if (arguments_.network.core == "auto") json["coreRunning"] = running_core();
  json["threads"] = arguments_.network.threads;
  json["neurons"] = counts.neurons;
  json["synapses"] = counts.synapses;
  json["plasticSynapses"] = counts.plastic_synapses;
  json["firstTick"] = start_;
  json["ticks"] = runner_.ticks_run();
  json["tickMicroseconds"] = tick_microseconds_;
  json["spikes"] = spikes_;
  json["meanRateHz"] = rate_hz(spikes_, counts.neurons, model_seconds());
  json["wallSeconds"] = runner_.seconds_run();
  json["realTimeFactor"] = runner_.real_time_factor();
  json["graphBytes"] = counts.graph_bytes;
  json["stateBytes"] = counts.state_bytes;
  json["spikeHash"] = fmt::format("{:016x}", hash.spikes);
  json["stateHash"] = fmt::format("{:016x}", hash.state);
  json["interrupted"] = stop_requested();
  return json;
}

void RunSession::print_summary() const {
  std::FILE* stream = writes_to_standard_output() ? stderr : stdout;
  const Palette palette(stream);
  const auto line = [&](std::string_view name, const std::string& value, const std::string& note) {
    fmt::print(stream, "  {}  {}{}\n", palette.dim(pad_to(name, 7)), value, note.empty() ? "" : "   " + palette.dim(note));
  };
  const NetworkCounts counts = network_.counts();
  const NetworkHash hash = network_.hash();
  const std::string title = network_.title().empty() ? arguments_.file : network_.title();
  fmt::print(stream, "\n{} {}{}\n\n", palette.accent("●"), palette.bright(title), stop_requested() ? palette.warning("   stopped") : "");
  line("network", counted(counts.neurons, "neuron"), counted(counts.synapses, "synapse"));
  line("time", seconds_text(model_seconds()),
       network_.now() > start_ ? fmt::format("ticks {} to {}", start_, network_.now() - 1) : "not a single tick");
  line("spikes", grouped(spikes_), hertz_text(rate_hz(spikes_, counts.neurons, model_seconds())) + " per neuron");
  line("speed", fmt::format("{} real time", factor_text(runner_.real_time_factor())),
       fmt::format("{} on core {}{}", seconds_text(runner_.seconds_run()), arguments_.network.core,
                   arguments_.network.threads > 1 && arguments_.network.core == "cpu"
                       ? fmt::format(", {} threads", arguments_.network.threads)
                       : ""));
  if (arguments_.network.core == "auto") line("core", running_core(), network_.core().reason);
  line("hash", fmt::format("{:016x}", hash.spikes), fmt::format("state {:016x}", hash.state));
  std::string written;
  for (const std::string& path : {arguments_.record, arguments_.svg, arguments_.save, arguments_.stats})
    if (!path.empty() && path != "-") written += (written.empty() ? "" : ", ") + path;
  for (const auto& trace : traces_)
    if (trace->path() != "-") written += (written.empty() ? "" : ", ") + trace->path();
  if (!written.empty()) line("wrote", written, "");
  fmt::print(stream, "\n");
  if (runner_.stimuli_left() > 0)
    fmt::print(stderr, "flux run: not given, since they come after the end of the run: {}; a longer --for reaches them\n",
               runner_.stimuli_left() == 1 ? "1 stimulus" : grouped(runner_.stimuli_left()) + " stimuli");
  if (picture_ && picture_->dropped() > 0)
    fmt::print(stderr, "flux run: {} leaves out the last {} spikes, more than a picture can hold\n", arguments_.svg,
               grouped(picture_->dropped()));
}

constexpr const char* FLUX_RUN_EXAMPLES = R"(Examples:
  flux run examples/reservoir.json --for 2s --svg raster.svg
  flux run examples/central_pattern_generator.json --watch
  flux run worm.flx --stim touch.csv --record spikes.csv --for 500ms
  flux run examples/habituation.json --trace skin,motor:level,threshold=trace.csv
  flux run worm.flx --for 1m --save later.flx && flux run later.flx --for 1m

Durations: 500ms, 2s, 1m, or a whole number of ticks. Files for stimuli have
the columns tick,neuron,kind,value with kind direct, modulate or fire.
Ctrl-C ends a run early; everything recorded until then is written.)";

}  // namespace

void add_run_command(CLI::App& app) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App* run = app.add_subcommand("run", "Run a circuit and record what it does");
  run->add_option("FILE", arguments->file, "a circuit (text or .flx), or a state saved by --save")->required();
  run->add_option("--for", arguments->duration, "how long, in model time (default 5s; with --watch until you quit)")->type_name("TIME");
  run->add_option("--speed", arguments->speed, "max, 1x (real time), 0.5x ... (default max; with --watch 1x)")->type_name("PACE");
  add_network_arguments(*run, arguments->network);
  run->add_option("--stim", arguments->stimuli, "stimuli to give")->type_name("IN.csv");
  run->add_option("--record", arguments->record, "all spikes, as tick,neuron")->type_name("SPIKES.csv");
  run->add_option("--trace", arguments->traces, "states, tick by tick: NEURON[,NEURON]:level,threshold,modulation=TRACE.csv")
      ->type_name("WHAT=TRACE.csv")
      ->take_all();
  run->add_option("--svg", arguments->svg, "a picture of all spikes")->type_name("RASTER.svg");
  run->add_flag("--watch", arguments->watch, "draw the spikes live in the terminal; keys pause, set the pace, go back in time");
  run->add_option("--save", arguments->save, "the state at the end, to be run on later")->type_name("STATE.flx");
  run->add_option("--stats", arguments->stats, "figures of the run")->type_name("STATS.json");
  run->footer(FLUX_RUN_EXAMPLES);
  run->callback([arguments] {
    if (!arguments->duration.empty()) parse_duration(arguments->duration);  // usage errors come before any work
    if (!arguments->speed.empty()) parse_speed(arguments->speed);
    for (const std::string& trace : arguments->traces) parse_trace(trace);
    RunSession(*arguments).run();
  });
}

}  // namespace flux::cli
