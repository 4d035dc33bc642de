#include "module.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "circuit/generators.h"
#include "circuit_json.h"
#include "core/core.h"
#include "edit/operation.h"
#include "file/circuit_text.h"
#include "file/flx.h"
#include "fmt/format.h"
#include "learned.h"
#include "session.h"

using namespace flux;  // NOLINT(google-build-using-namespace): the functions below are C

namespace {

// Warnings about a document cost by its size: above this many neurons an edit does not ask for them again.
constexpr std::uint32_t FLUX_MOST_CHECKED_NEURONS = 20000;
constexpr std::size_t FLUX_MOST_TOLD = 200;  // errors of a file

std::unique_ptr<Session> session;
std::string answer;
std::vector<std::int32_t> learned;

std::string_view text_at(const char* text, std::uint32_t size) { return {text, size}; }

void answer_value(JsonWriter& json) { answer = fmt::format("{{\"value\":{}}}", json.take()); }

std::int32_t fail(const Error& error) {
  JsonWriter json;
  json.begin_object().key("error");
  write_problem(json, error);
  json.end_object();
  answer = json.take();
  return 1;
}

// A file that cannot be opened. Of a text all errors are told, where there is more than the first.
std::int32_t fail_to_open(const Error& error, std::string_view bytes, const std::string& name) {
  std::vector<Diagnostic> errors;
  if (!bytes.starts_with("FLX")) errors = inspect_circuit_text(bytes, name).diagnostics;
  std::erase_if(errors, [](const Diagnostic& finding) { return finding.severity != Diagnostic::Severity::error; });
  JsonWriter json;
  json.begin_object().key("error").begin_object().string("what", error.what).string("where", error.where).string("fix", error.fix);
  json.integer("problemCount", static_cast<std::int64_t>(errors.size())).key("problems").begin_array();
  for (const Diagnostic& finding : std::span(errors).first(std::min(errors.size(), FLUX_MOST_TOLD))) {
    json.begin_object().integer("line", finding.line).integer("column", finding.column);
    json.string("what", finding.what).string("fix", finding.fix).end_object();
  }
  json.end_array().end_object().end_object();
  answer = json.take();
  return 1;
}

std::int32_t finish(const Status& status) { return status ? 0 : fail(status.error()); }

// Answers with what write(json) writes.
template <class Write>
std::int32_t answer_with(Write write) {
  JsonWriter json;
  write(json);
  answer_value(json);
  return 0;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// The members of a DocumentInfo.
void write_document_members(JsonWriter& json) {
  const Network& network = session->network();
  const NetworkCounts counts = network.counts();
  const NetworkSettings& settings = session->circuit().settings;
  json.string("title", session->circuit().title).string("description", session->circuit().description);
  json.key("settings").begin_object().integer("tick", settings.tick_microseconds).string("seed", std::to_string(settings.seed));
  json.integer("thresholdNoise", settings.threshold_noise).integer("delayJitter", settings.delay_jitter).end_object();
  json.key("environment").begin_object();
  for (const auto& [name, value] : session->circuit().environment) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) json.integer(name, *whole);
    if (const auto* real = std::get_if<double>(&value)) json.key(name).number(*real);
    if (const auto* text = std::get_if<std::string>(&value)) json.string(name, *text);
  }
  json.end_object();
  json.key("counts").begin_object().integer("neurons", static_cast<std::int64_t>(counts.neurons));
  json.integer("synapses", static_cast<std::int64_t>(counts.synapses));
  json.integer("plasticSynapses", static_cast<std::int64_t>(counts.plastic_synapses));
  json.integer("graphBytes", static_cast<std::int64_t>(counts.graph_bytes));
  json.integer("stateBytes", static_cast<std::int64_t>(counts.state_bytes)).end_object();
  json.integer("size", network.size()).integer("tick", network.now());
  json.integer("undo", static_cast<std::int64_t>(session->editor().undo_depth()));
  json.integer("redo", static_cast<std::int64_t>(session->editor().redo_depth()));
  json.key("warnings");
  if (network.size() <= FLUX_MOST_CHECKED_NEURONS) {
    write_warnings(json, session->circuit());
  } else {
    json.begin_array().end_array();
  }
}

void write_document(JsonWriter& json) {
  json.begin_object();
  write_document_members(json);
  json.end_object();
}

void write_core(JsonWriter& json) {
  constexpr const char* FLUX_REASONS[] = {"chosen", "light", "faster", "slower", "software", "missing", "refused", "failed"};
  const CoreReport report = session->network().core();
  const bool is_auto = report.asked == CoreKind::automatic;
  json.begin_object().string("choice", is_auto ? "auto" : report.asked == CoreKind::webgpu ? "gpu" : "cpu");
  json.string("running", report.running == CoreKind::webgpu ? "gpu" : "cpu").string("name", report.name);
  json.string("because", FLUX_REASONS[static_cast<std::size_t>(report.because)]).string("reason", report.reason).end_object();
}

std::int32_t answer_applied(const Result<Applied>& result) {
  if (!result) return fail(result.error());
  const Applied& applied = result.value();
  session->follow(applied);
  return answer_with([&](JsonWriter& json) {
    json.begin_object();
    write_document_members(json);
    json.boolean("structure", applied.network).string("label", applied.label);
    json.key("views").begin_array();
    for (const std::string& view : applied.views) json.string(view);
    json.end_array().key("created").begin_array();
    for (const std::string& id : applied.created) json.string(id);
    json.end_array();
    if (!applied.moved.empty()) {
      json.key("moved").begin_array();
      for (const NeuronIndex neuron : applied.moved) json.integer(neuron);
      json.end_array();
    }
    json.end_object();
  });
}

}  // namespace

// --- Memory -----------------------------------------------------------------------------------------------------------------------------

FLUX_EXPORT(flux_allocate) void* flux_allocate(std::uint32_t size) { return std::malloc(size); }
FLUX_EXPORT(flux_free) void flux_free(void* memory) { std::free(memory); }
FLUX_EXPORT(flux_answer) const char* flux_answer() { return answer.data(); }
FLUX_EXPORT(flux_answer_size) std::uint32_t flux_answer_size() { return static_cast<std::uint32_t>(answer.size()); }

// A fault, as a wrong address would be one: for tests of hosts.
FLUX_EXPORT(flux_trap) void flux_trap() { __builtin_trap(); }
// Name of the instruction set of the cpu core.
FLUX_EXPORT(flux_target) void flux_target() { answer = cpu_core_target(); }

// --- The document -----------------------------------------------------------------------------------------------------------------------

// Opens a circuit file in place of what was open; `core` is 0 for the cpu core, 1 for the reference. Answers with an Opened.
FLUX_EXPORT(flux_open)
std::int32_t flux_open(const char* bytes, std::uint32_t size, const char* name, std::uint32_t name_size, std::uint32_t core) {
  NetworkOptions options;
  options.core = core == 1 ? CoreKind::reference : CoreKind::cpu;
  const std::string called(text_at(name, name_size));
  auto opened = Session::open(text_at(bytes, size), called, options);
  if (!opened) return fail_to_open(opened.error(), text_at(bytes, size), called);
  session = std::move(opened).value();
  return answer_with(write_document);
}

FLUX_EXPORT(flux_document) std::int32_t flux_document() { return answer_with(write_document); }

FLUX_EXPORT(flux_view) std::int32_t flux_view(const char* path, std::uint32_t size) {
  JsonWriter json;
  const Status status = write_view(json, session->circuit(), session->network(), text_at(path, size));
  if (!status) return fail(status.error());
  answer_value(json);
  return 0;
}

// Applies operations (docs/operations.md) as one undo step; one with the `merge` of the step before, if any, joins it. Answers with an
// Applied.
FLUX_EXPORT(flux_apply)
std::int32_t flux_apply(const char* text, std::uint32_t size, const char* merge, std::uint32_t merge_size) {
  const auto operations = read_operations(text_at(text, size), "");
  if (!operations) return fail(operations.error());
  return answer_applied(session->editor().apply(operations.value(), text_at(merge, merge_size)));
}
FLUX_EXPORT(flux_undo) std::int32_t flux_undo() { return answer_applied(session->editor().undo()); }
FLUX_EXPORT(flux_redo) std::int32_t flux_redo() { return answer_applied(session->editor().redo()); }
FLUX_EXPORT(flux_settle) std::int32_t flux_settle() { return answer_applied(session->editor().settle()); }

// `ids`: lines. Answers with the text of a circuit of these nodes, as a JSON string: what a paste takes.
FLUX_EXPORT(flux_copy) std::int32_t flux_copy(const char* in, std::uint32_t in_size, const char* ids, std::uint32_t size) {
  const auto text = session->editor().copy(std::string(text_at(in, in_size)), lines_of(text_at(ids, size)));
  if (!text) return fail(text.error());
  return answer_with([&](JsonWriter& json) { json.string(text.value()); });
}

// What the connections of a view have learned, in 1/256 weight: int32 at flux_learned_parts(), in the order of the view's edges.
FLUX_EXPORT(flux_learned) std::int32_t flux_learned(const char* path, std::uint32_t size) {
  const auto placed = placed_circuit(session->circuit(), text_at(path, size));
  if (!placed) return fail(placed.error());
  learned = learned_parts(placed.value(), session->network());
  return 0;
}
FLUX_EXPORT(flux_learned_parts) const std::int32_t* flux_learned_parts() { return learned.data(); }
FLUX_EXPORT(flux_learned_size) std::uint32_t flux_learned_size() { return static_cast<std::uint32_t>(learned.size()); }

FLUX_EXPORT(flux_outline) std::int32_t flux_outline() {
  return answer_with([](JsonWriter& json) { write_outline(json, session->circuit()); });
}

FLUX_EXPORT(flux_library) std::int32_t flux_library() {
  return answer_with([](JsonWriter& json) { write_library(json, session ? session->circuit() : Circuit()); });
}

// `settings`: lines "name=value"; `seed`: digits. Answers with the text of the circuit, as a JSON string.
FLUX_EXPORT(flux_generate)
std::int32_t flux_generate(const char* name, std::uint32_t name_size, const char* settings, std::uint32_t size, const char* seed,
                           std::uint32_t seed_size) {
  std::uint64_t number = 1;
  const auto parsed = std::from_chars(seed, seed + seed_size, number);
  if (parsed.ec != std::errc() || parsed.ptr != seed + seed_size) return fail({"the seed is not a whole number", "seed", "give digits"});
  GeneratorSettings chosen;
  for (const std::string& line : lines_of(text_at(settings, size))) {
    const std::size_t equals = std::min(line.find('='), line.size());
    chosen.emplace(line.substr(0, equals), line.substr(std::min(equals + 1, line.size())));
  }
  const auto circuit = generate(text_at(name, name_size), chosen, number);
  if (!circuit) return fail(circuit.error());
  return answer_with([&](JsonWriter& json) { json.string(write_circuit_text(circuit.value())); });
}

// The answer is the file itself, or on failure (1) an error. `form`: 0 text, 1 binary, 2 binary with the state of the run.
FLUX_EXPORT(flux_save) std::int32_t flux_save(std::uint32_t form) {
  if (form == 0) {
    answer = session->editor().text();
    return 0;
  }
  auto bytes = form == 1 ? flx_bytes(session->editor().document()) : session->editor().flx();
  if (!bytes) return fail(bytes.error());
  answer = std::move(bytes).value();
  return 0;
}

// --- Time -------------------------------------------------------------------------------------------------------------------------------

FLUX_EXPORT(flux_run) void flux_run() { session->network().run(); }
FLUX_EXPORT(flux_pause) void flux_pause() { session->network().pause(); }
FLUX_EXPORT(flux_running) std::int32_t flux_running() { return session->network().running() ? 1 : 0; }
FLUX_EXPORT(flux_now) double flux_now() { return static_cast<double>(session->network().now()); }
FLUX_EXPORT(flux_set_speed) void flux_set_speed(std::uint32_t thousandths) { session->network().set_speed(thousandths); }

// Advances a running network for at most `budget` microseconds, at time `now` (microseconds of any monotonic clock). Returns the number
// of ticks computed.
FLUX_EXPORT(flux_pump) double flux_pump(double now, double budget) {
  const Tick ticks = session->pump(static_cast<std::int64_t>(now), static_cast<std::int64_t>(budget));
  if (ticks > 0) session->follow_replay();
  return static_cast<double>(ticks);
}
FLUX_EXPORT(flux_step) void flux_step(double ticks) {
  session->step(static_cast<Tick>(ticks));
  session->follow_replay();
}

// --- Cores: where a GPU computes or may begin to, every function that reads or changes the network waits for it, so that hosts call it as
// a promise (studio/engine/src/gpu.ts).

// 0 cpu, 1 reference, 2 webgpu, 3 automatic. Answers with a CoreInfo.
FLUX_EXPORT(flux_set_core) std::int32_t flux_set_core(std::uint32_t kind) {
  constexpr CoreKind FLUX_KINDS[] = {CoreKind::cpu, CoreKind::reference, CoreKind::webgpu, CoreKind::automatic};
  (void)session->network().set_core(FLUX_KINDS[kind % std::size(FLUX_KINDS)]);  // the report tells of a failure
  return answer_with(write_core);
}
FLUX_EXPORT(flux_core) std::int32_t flux_core() { return answer_with(write_core); }
FLUX_EXPORT(flux_core_changed) std::int32_t flux_core_changed() { return session->core_changed() ? 1 : 0; }
FLUX_EXPORT(flux_core_choice_due) std::int32_t flux_core_choice_due() { return session->network().core_choice_due() ? 1 : 0; }
FLUX_EXPORT(flux_choose_core) void flux_choose_core() { session->network().choose_core(); }

// Answers with an Applied: the document is as it was then.
FLUX_EXPORT(flux_seek) std::int32_t flux_seek(double tick) {
  session->clear_frame();
  return answer_applied(session->editor().seek(static_cast<Tick>(tick)));
}
FLUX_EXPORT(flux_recorded_from) double flux_recorded_from() { return static_cast<double>(session->network().recorded_from()); }
FLUX_EXPORT(flux_recorded_to) double flux_recorded_to() { return static_cast<double>(session->network().recorded_to()); }

// --- Stimuli ----------------------------------------------------------------------------------------------------------------------------

FLUX_EXPORT(flux_fire) std::int32_t flux_fire(std::uint32_t neuron) { return finish(session->network().fire(neuron)); }
FLUX_EXPORT(flux_stimulate) std::int32_t flux_stimulate(std::uint32_t neuron, std::int32_t levels) {
  return finish(session->network().summation(neuron, levels));
}
FLUX_EXPORT(flux_modulate) std::int32_t flux_modulate(std::uint32_t neuron, std::int32_t levels) {
  return finish(session->network().modulate(neuron, levels));
}

// --- Looking ----------------------------------------------------------------------------------------------------------------------------

// Index of a neuron; -1: there is none of this path or alias.
FLUX_EXPORT(flux_find) double flux_find(const char* path, std::uint32_t size) {
  const auto found = session->network().find(text_at(path, size));
  return found ? *found : -1.0;
}
// Answers with a NeuronDetails.
FLUX_EXPORT(flux_neuron) std::int32_t flux_neuron(std::uint32_t neuron) {
  if (!session->network().exists(neuron)) return fail({fmt::format("there is no neuron {}", neuron), "", "it was removed: choose another"});
  return answer_with([=](JsonWriter& json) { write_neuron(json, session->network(), neuron); });
}
// Answers with a list of strings.
FLUX_EXPORT(flux_paths) std::int32_t flux_paths(const std::uint32_t* neurons, std::uint32_t count) {
  return answer_with([=](JsonWriter& json) {
    json.begin_array();
    for (std::uint32_t i = 0; i < count; ++i) json.string(session->network().path(neurons[i]));
    json.end_array();
  });
}
// Answers with a Why: what reached the neuron in a recorded tick.
FLUX_EXPORT(flux_why) std::int32_t flux_why(std::uint32_t neuron, double tick) {
  const auto explanation = session->network().why(neuron, static_cast<Tick>(tick));
  if (!explanation) return fail(explanation.error());
  return answer_with([&](JsonWriter& json) { write_explanation(json, explanation.value(), neuron, static_cast<Tick>(tick)); });
}
// Answers with {spikes, state}, 16 hexadecimal digits each.
FLUX_EXPORT(flux_hash) std::int32_t flux_hash() {
  const NetworkHash hash = session->network().hash();
  return answer_with([&](JsonWriter& json) {
    json.begin_object().string("spikes", fmt::format("{:016x}", hash.spikes)).string("state", fmt::format("{:016x}", hash.state));
    json.end_object();
  });
}

// --- Frames -----------------------------------------------------------------------------------------------------------------------------

// Pairs of uint32 (tick, neuron) since flux_clear_frame().
FLUX_EXPORT(flux_spikes) const std::uint32_t* flux_spikes() { return session->spikes().data(); }
FLUX_EXPORT(flux_spikes_size) std::uint32_t flux_spikes_size() { return static_cast<std::uint32_t>(session->spikes().size()); }
FLUX_EXPORT(flux_spike_count) double flux_spike_count() { return static_cast<double>(session->spike_count()); }
// int32, rows of (level, effective threshold, modulation) of each probe, a row a tick from flux_probe_from() on.
FLUX_EXPORT(flux_probe_samples) const std::int32_t* flux_probe_samples() { return session->probe_samples().data(); }
FLUX_EXPORT(flux_probe_samples_size) std::uint32_t flux_probe_samples_size() {
  return static_cast<std::uint32_t>(session->probe_samples().size());
}
FLUX_EXPORT(flux_probe_from) double flux_probe_from() { return static_cast<double>(session->probe_from()); }
// Index of the breakpoint that paused the run; -1: none did.
FLUX_EXPORT(flux_stopped_by) std::int32_t flux_stopped_by() { return session->stopped_by(); }
// 1: edits of a past that is being replayed have changed the document.
FLUX_EXPORT(flux_replayed) std::int32_t flux_replayed() { return session->replayed() ? 1 : 0; }
FLUX_EXPORT(flux_clear_frame) void flux_clear_frame() { session->clear_frame(); }

// int16: levels, effective thresholds (1/16) and modulation (1/256), each of neurons first .. first + count - 1, all of which there are.
FLUX_EXPORT(flux_levels) const std::int16_t* flux_levels(std::uint32_t first, std::uint32_t count) {
  return session->sample_levels(first, count).data();
}
// Where a GPU has the state of the neurons: 5 uint32, device (0: no GPU computes), buffer of neurons, buffer of types, types_at, the last
// tick modulo 2^32.
FLUX_EXPORT(flux_gpu_state) const std::uint32_t* flux_gpu_state() {
  static std::uint32_t numbers[5];
  const GpuState state = session->network().gpu_state().value_or(GpuState());
  numbers[0] = state.device;
  numbers[1] = state.neurons;
  numbers[2] = state.types;
  numbers[3] = state.types_at;
  numbers[4] = static_cast<std::uint32_t>(state.last);
  return numbers;
}
// Answers with the WGSL that reads it.
FLUX_EXPORT(flux_gpu_state_wgsl) std::int32_t flux_gpu_state_wgsl() {
  return answer_with([](JsonWriter& json) { json.string(gpu_state_wgsl()); });
}
FLUX_EXPORT(flux_size) std::uint32_t flux_size() { return session->network().size(); }

FLUX_EXPORT(flux_set_probes) void flux_set_probes(const std::uint32_t* neurons, std::uint32_t count) {
  session->set_probes({neurons, neurons + count});
}
// Triples (neuron, 0 fire or 1 level, level in 1/16), `count` numbers in all.
FLUX_EXPORT(flux_set_breakpoints) void flux_set_breakpoints(const std::int32_t* triples, std::uint32_t count) {
  std::vector<Breakpoint> breakpoints;
  for (std::uint32_t i = 0; i + 3 <= count; i += 3, triples += 3) {
    breakpoints.push_back(
        {static_cast<NeuronIndex>(triples[0]), triples[1] == 1 ? Breakpoint::On::level : Breakpoint::On::fire, triples[2]});
  }
  session->set_breakpoints(std::move(breakpoints));
}
