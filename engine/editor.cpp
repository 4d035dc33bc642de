#include "editor.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "circuit/flatten.h"
#include "edit/diff.h"
#include "edit/editable_circuit.h"
#include "editor_impl.h"
#include "editor_placing.h"
#include "file/flx.h"
#include "footprint.h"
#include "live_delta.h"
#include "network_impl.h"
#include "part_delta.h"

namespace flux {
namespace {

// Nodes, synapses and fibers of a part of the tree, as they are written, beyond which the network is made anew at once.
constexpr std::uint64_t FLUX_MIN_PART_LIMIT = 50000, FLUX_MAX_PART_LIMIT = 1000000;
constexpr std::uint64_t FLUX_EMPTY_PLACES = 65536;  // of removed neurons that are always fine
constexpr std::uint64_t FLUX_PART_OF_NETWORK = 4;   // or this part of its neurons

std::size_t depth_of(const Steps& steps) { return steps ? steps->depth : 0; }

Steps on_top(const UndoStep& step, Steps before) {
  auto top = std::make_shared<UndoStep>(step);
  top->depth = depth_of(before) + 1;
  top->before = std::move(before);
  return top;
}

void add_views(const DocumentChange& change, std::vector<std::string>& views) {
  for (const Step& step : change.steps) {
    if (std::find(views.begin(), views.end(), step.in) == views.end()) views.push_back(step.in);
  }
}

bool is_identity(const std::vector<NeuronIndex>& moved, std::uint32_t size_before) {
  if (moved.size() < size_before) return false;
  for (NeuronIndex n = 0; n < moved.size(); ++n) {
    if (moved[n] != n) return false;
  }
  return true;
}

}  // namespace

Editor::Editor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Editor::Editor(Editor&&) noexcept = default;
Editor& Editor::operator=(Editor&&) noexcept = default;
Editor::~Editor() = default;

Result<Editor> Editor::make(Circuit circuit, const NetworkOptions& options) {
  Document document;
  document.circuit = std::move(circuit);
  return from_document(std::move(document), options);
}

Result<Editor> Editor::open_bytes(std::string_view bytes, const std::string& name, const NetworkOptions& options) {
  auto document = read_document_bytes(bytes, name);
  if (!document) return document.error();
  return from_document(std::move(document).value(), options);
}

Result<Editor> Editor::open(const std::string& path, const NetworkOptions& options) {
  auto document = read_document(path);
  if (!document) return document.error();
  return from_document(std::move(document).value(), options);
}

Result<Editor> Editor::from_document(Document&& document, const NetworkOptions& options) {
  if (Status status = read_synapses(document); !status) return status.error();
  Circuit circuit = document.circuit;
  auto network = Network::make(std::move(document), options);
  if (!network) return network.error();
  circuit.settings = network.value().settings();
  return Editor(std::make_unique<Impl>(std::move(circuit), std::move(network).value()));
}

Network& Editor::network() { return impl_->network; }

const Circuit& Editor::circuit() {
  impl_->follow();
  return impl_->document.circuit();
}

std::uint64_t Editor::hash() { return hash_document(circuit()); }

// --- Changes ----------------------------------------------------------------------------------------------------------------------

// The neurons that those of a node go on for.
void Editor::Impl::append_origins(const NeuronNode& node, const PathsBefore& before, std::vector<NeuronIndex>& origin) {
  const auto add = [&](std::optional<NeuronIndex> neuron) {
    origin.push_back(neuron && running().graph->exists(*neuron) ? *neuron : FLUX_NO_NEURON);
  };
  // A single neuron goes on as the first of a population, and the other way round.
  const auto find_path = [&](const std::string& path) {
    const auto neuron = running().names.find(path);
    if (neuron) return neuron;
    return running().names.find(path.ends_with("[0]") ? path.substr(0, path.size() - 3) : path + "[0]");
  };
  const auto run = running().names.find_node(before.of(node.id));
  if (!node.repeated) {
    for (std::uint32_t k = 0; k < node.size(); ++k) {
      if (run) {
        add(k < run->size() ? std::optional(run->first + k) : std::nullopt);
      } else {  // perhaps in a repeated circuit that was not written out
        add(find_path(before.of(node.id) + (node.count == 0 ? "" : fmt::format("[{}]", k))));
      }
    }
    return;
  }
  const Names inside(node.repeated->variants.front());
  const std::uint32_t instances = node.count / inside.size();
  const auto find = [&](std::uint32_t instance, NeuronIndex neuron) {
    return find_path(before.of(fmt::format("{}[{}]/{}", node.id, instance, inside.path(neuron))));
  };
  if (!run) {  // it was written out
    for (std::uint32_t i = 0; i < instances; ++i) {
      for (NeuronIndex n = 0; n < inside.size(); ++n) add(find(i, n));
    }
    return;
  }
  // Instances are alike: the first two tell where the neurons of all are.
  std::vector<std::optional<NeuronIndex>> in_first;
  std::uint32_t stride = run->count;
  for (NeuronIndex n = 0; n < inside.size(); ++n) {
    in_first.push_back(find(0, n));
    const auto in_second = in_first.back() && stride == run->count ? find(1, n) : std::nullopt;
    if (in_second) stride = *in_second - *in_first.back();
  }
  for (std::uint32_t i = 0; i < instances; ++i) {
    for (const auto& first : in_first) add(first && i < run->count / stride ? std::optional(*first + i * stride) : std::nullopt);
  }
}

Result<input::Transplant> Editor::Impl::plan_transplant(const std::vector<Moved>& moved) {
  auto plain = checked_plain(document.circuit(), running().share_from());
  if (!plain) return plain.error();
  auto graph = flatten_checked(plain.value());
  if (!graph) return graph.error();
  input::Transplant transplant;
  transplant.graph = std::make_shared<const Graph>(std::move(graph).value());
  transplant.names = std::make_shared<const Names>(plain.value());
  const PathsBefore before(document, moved);
  for (const NeuronNode& node : plain.value().neurons) append_origins(node, before, transplant.origin);
  return transplant;
}

Status Editor::Impl::transplant(const std::vector<Moved>& moved, const std::vector<LostWeight>& revive, Applied& applied) {
  auto planned = plan_transplant(moved);
  if (!planned) return planned.error();
  input::Transplant& transplant = planned.value();
  for (const LostWeight& weight : revive) {
    const auto source = transplant.names->find(weight.source), target = transplant.names->find(weight.target);
    if (source && target) transplant.revived[*source].add(*target, weight.properties, weight.learned);
  }
  return go_on_with(std::move(transplant), applied);
}

Status Editor::Impl::go_on_with(input::Transplant transplant, Applied& applied) {
  const std::uint32_t size_before = network.size();
  std::vector<NeuronIndex> indices = new_indices(transplant);
  indices.resize(std::max<std::size_t>(indices.size(), size_before), FLUX_NO_NEURON);
  if (auto done = running().put(std::move(transplant)); !done) return done.error();
  applied.made_anew = true;
  if (!is_identity(indices, size_before)) applied.moved = std::move(indices);
  return {};
}

// What a change that was made `forward` or taken back means, from the part of the tree that it may have reached. The document is turned to
// how it was and back again. Nothing where the network has to be made anew.
std::optional<std::vector<Input>> Editor::Impl::part_inputs(DocumentChange& change, bool forward, const std::vector<Moved>& moved,
                                                            const std::vector<LostWeight>& revive) {
  const std::uint64_t most = std::clamp<std::uint64_t>(network.size() / FLUX_PART_OF_NETWORK, FLUX_MIN_PART_LIMIT, FLUX_MAX_PART_LIMIT);
  const std::uint64_t share_from = running().share_from();
  Footprint footprint(document);
  forward ? document.undo(change, &footprint) : document.redo(change, &footprint);
  auto before = footprint.is_everywhere() ? std::nullopt : elaborate_part(document.circuit(), footprint.part(), share_from, most);
  forward ? document.redo(change) : document.undo(change);
  if (!before || !bodies_are_sound(document.circuit())) return std::nullopt;
  const auto after = elaborate_part(document.circuit(), footprint.part(), share_from, most);
  if (!after) return std::nullopt;
  const PathsBefore paths(document, moved);
  PartDelta delta(*before, *after, paths, running());
  auto network_change = delta.run();
  if (!network_change) return std::nullopt;
  return std::move(*network_change).inputs(*running().graph, revive, [&](const std::string& path) { return delta.find(path); });
}

// Weights that were lost are known by the names that neurons had before these edits: by those they come back.
void Editor::Impl::name_as_before(const std::vector<Input>& inputs) {
  std::unordered_map<std::string, std::string> before;  // by the name after
  for (const Input& input : inputs) {
    const auto* rename = std::get_if<input::RenameNode>(&input);
    if (rename == nullptr || running().lost.empty()) continue;
    const auto known = before.find(rename->path);
    before[rename->node.id] = known == before.end() ? rename->path : known->second;
  }
  const auto translate = [&](std::string& path) {
    const std::size_t open = path.ends_with(']') ? path.rfind('[') : path.size();
    const auto found = before.find(path.substr(0, open));
    if (found != before.end()) path.replace(0, open, found->second);
  };
  for (LostWeight& weight : running().lost) {
    translate(weight.source);
    translate(weight.target);
  }
}

std::vector<NeuronIndex> Editor::Impl::moved_by(const std::vector<Input>& inputs, std::uint32_t size_before) {
  std::vector<NeuronIndex> moved;
  for (const Input& input : inputs) {
    const auto* row = std::get_if<input::ReplaceRow>(&input);
    if (row == nullptr || row->goes_on_for == row->source) continue;
    if (moved.empty()) {
      for (NeuronIndex n = 0; n < size_before; ++n) moved.push_back(running().graph->exists(n) ? n : FLUX_NO_NEURON);
    }
    moved[row->goes_on_for] = row->source;
  }
  return moved;
}

Status Editor::Impl::carry_out(LiveDelta& delta, DocumentChange& change, bool forward, const std::vector<LostWeight>& revive,
                               Applied& applied) {
  running().lost.clear();
  const std::uint64_t edits = running().edits;
  std::vector<Moved> moved = change.moved;
  if (!forward) {
    std::reverse(moved.begin(), moved.end());
    for (Moved& some : moved) std::swap(some.from, some.to);
  }
  auto inputs = delta.inputs(revive);
  if (!inputs) inputs = part_inputs(change, forward, moved, revive);
  const std::uint32_t size_before = network.size();
  bool done = inputs.has_value();
  for (std::size_t i = 0; done && i < inputs->size(); ++i) done = running().put((*inputs)[i]).ok();
  if (done) {
    applied.moved = moved_by(*inputs, size_before);
    name_as_before(*inputs);
  } else {
    if (Status status = transplant(moved, revive, applied); !status) return status;
  }
  // The places of removed neurons stay empty until the network is made anew.
  const Graph& graph = *running().graph;
  if (std::uint64_t{graph.removed_count()} * 2 > std::uint64_t{graph.neuron_count()} + FLUX_EMPTY_PLACES) {
    Applied anew;
    if (Status status = transplant({}, {}, anew); !status) return status;
    applied.made_anew = true;
    applied.moved = composed(std::move(applied.moved), anew.moved);
  }
  applied.network = running().edits != edits;
  return {};
}

void Editor::Impl::note(std::shared_ptr<Record> record, bool forward) {
  if (!network.recording()) {
    log.clear();
    position = 0;
    at_start = stacks;
    return;
  }
  log.resize(position);
  log.push_back({std::move(record), forward, running().edits, stacks});
  position = log.size();
}

Result<Applied> Editor::Impl::apply(std::span<const Operation> operations, std::string_view merge) {
  follow();
  LiveDelta delta(document, running());
  auto change = document.apply(operations, &delta);
  if (!change) return change.error();
  Applied applied;
  applied.label = operations.empty() ? "" : std::string(word_of(operations.front().kind));
  auto record = std::make_shared<Record>();
  record->change = std::move(change).value();
  if (record->change.empty()) return applied;
  if (Status status = carry_out(delta, record->change, true, {}, applied); !status) {
    document.undo(record->change);
    return status.error();
  }
  record->lost_by_doing = std::move(running().lost);
  applied.created = record->change.created;
  add_views(record->change, applied.views);
  const bool merges = !merge.empty() && stacks.undo && stacks.undo->merge == merge && !stacks.redo;
  UndoStep step;
  if (merges) step = *stacks.undo;
  step.records.push_back(record);
  step.label = merges ? step.label : applied.label;
  step.merge = merge;
  stacks.undo = on_top(step, merges ? stacks.undo->before : stacks.undo);
  stacks.redo.reset();
  note(std::move(record), true);
  return applied;
}

// Does the step on top of redo, or takes back that on top of undo.
Result<Applied> Editor::Impl::turn(bool forward) {
  follow();
  const Steps step = forward ? stacks.redo : stacks.undo;
  if (!step) return Error{forward ? "there is nothing to do again" : "there is nothing to take back", "", ""};
  Applied applied;
  applied.label = step->label;
  const std::size_t count = step->records.size();
  const Stacks after = forward ? Stacks{on_top(*step, stacks.undo), step->before} : Stacks{step->before, on_top(*step, stacks.redo)};
  for (std::size_t i = 0; i < count; ++i) {
    const std::shared_ptr<Record>& record = step->records[forward ? i : count - 1 - i];
    LiveDelta delta(document, running());
    forward ? document.redo(record->change, &delta) : document.undo(record->change, &delta);
    Applied one;
    const Status status = carry_out(delta, record->change, forward, forward ? record->lost_by_undoing : record->lost_by_doing, one);
    if (!status) {
      forward ? document.undo(record->change) : document.redo(record->change);
      return status.error();
    }
    (forward ? record->lost_by_doing : record->lost_by_undoing) = std::move(running().lost);
    add_views(record->change, applied.views);
    if (forward) applied.created.insert(applied.created.end(), record->change.created.begin(), record->change.created.end());
    applied.network |= one.network;
    applied.made_anew |= one.made_anew;
    applied.moved = composed(std::move(applied.moved), one.moved);
    if (i + 1 == count) stacks = after;
    note(record, forward);
  }
  return applied;
}

Result<Applied> Editor::apply(std::span<const Operation> operations, std::string_view merge) { return impl_->apply(operations, merge); }
Result<Applied> Editor::undo() { return impl_->turn(false); }
Result<Applied> Editor::redo() { return impl_->turn(true); }
std::size_t Editor::undo_depth() {
  impl_->follow();
  return depth_of(impl_->stacks.undo);
}
std::size_t Editor::redo_depth() {
  impl_->follow();
  return depth_of(impl_->stacks.redo);
}
Result<Applied> Editor::settle() {
  impl_->follow();
  Applied applied;
  auto planned = impl_->plan_transplant({});
  if (!planned) return planned.error();
  if (is_identity(planned.value().origin, network().size()) && planned.value().origin.size() == network().size()) return applied;
  if (Status status = impl_->go_on_with(std::move(planned).value(), applied); !status) return status.error();
  applied.network = true;
  return applied;
}
Result<std::vector<Operation>> Editor::undo_operations() {
  impl_->follow();
  if (!impl_->stacks.undo) return Error{"there is nothing to take back", "", ""};
  const Circuit& now = impl_->document.circuit();
  EditableCircuit before(now);
  const auto& records = impl_->stacks.undo->records;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    DocumentChange change = (*record)->change;
    before.undo(change);
  }
  const auto differences = diff(now, before.circuit());
  if (!differences) return differences.error();
  std::vector<Operation> operations;
  for (const Difference& difference : differences.value()) operations.push_back(difference.operation);
  return operations;
}
std::string Editor::undo_label() { return undo_depth() > 0 ? impl_->stacks.undo->label : ""; }
std::string Editor::redo_label() { return redo_depth() > 0 ? impl_->stacks.redo->label : ""; }

// --- Time -------------------------------------------------------------------------------------------------------------------------

// The document goes to where the network is: entries whose edits are in effect, and those behind them that are drawing only.
Applied Editor::Impl::follow() {
  Applied applied;
  if (log.empty()) return applied;
  const std::uint64_t edits = running().edits;
  while (position > 0 && log[position - 1].edits > edits) {
    const LogEntry& entry = log[--position];
    entry.forward ? document.undo(entry.record->change) : document.redo(entry.record->change);
    add_views(entry.record->change, applied.views);
  }
  while (position < log.size() && log[position].edits <= edits) {
    const LogEntry& entry = log[position++];
    entry.forward ? document.redo(entry.record->change) : document.undo(entry.record->change);
    add_views(entry.record->change, applied.views);
  }
  stacks = position == 0 ? at_start : log[position - 1].stacks;
  applied.network = !applied.views.empty();
  return applied;
}

Applied Editor::follow() { return impl_->follow(); }

Result<Applied> Editor::seek(Tick t) {
  Network::Impl& running = impl_->running();
  const std::uint32_t layout = running.layout;
  std::vector<std::string> paths;
  if (impl_->position > 0 || !impl_->log.empty()) {
    for (NeuronIndex n = 0; n < running.graph->neuron_count(); ++n) paths.push_back(running.graph->exists(n) ? running.names.path(n) : "");
  }
  if (Status status = impl_->network.seek(t); !status) return status.error();
  Applied applied = impl_->follow();
  if (running.layout == layout) return applied;
  for (const std::string& path : paths) applied.moved.push_back(running.names.find(path).value_or(FLUX_NO_NEURON));
  return applied;
}

}  // namespace flux
