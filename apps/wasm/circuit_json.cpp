#include "circuit_json.h"

#include <algorithm>

#include "circuit/flatten.h"
#include "circuit/generators.h"
#include "circuit/schema.h"
#include "circuit/structure.h"

namespace flux {
namespace {

void write_settings(JsonWriter& json, const GeneratorSetting& setting) {
  json.begin_object().string("name", setting.name).string("title", setting.title).string("description", setting.description);
  if (setting.type == SettingType::choice) {
    json.key("choices").begin_array();
    for (const std::string_view choice : setting.choices) json.string(choice);
    json.end_array().string("value", setting.text_of(setting.when_absent));
  } else {
    json.integer("low", setting.low).integer("high", setting.high).integer("value", setting.when_absent);
  }
  json.end_object();
}

// `path`: of the circuit, with a slash at the end unless it is the root, whose children stand one a line.
void write_outline_children(JsonWriter& json, const Circuit& circuit, const std::string& path) {
  const auto begin_child = [&]() -> JsonWriter& { return (path.empty() ? json.on_new_line() : json).begin_object(); };
  json.key("children").begin_array();
  for (const NeuronNode& node : circuit.neurons) {
    begin_child().string("id", node.id).string("kind", "neuron").string("path", path + node.id);
    json.integer("count", node.size()).end_object();
  }
  for (const OrganNode& organ : circuit.organs) {
    begin_child().string("id", organ.id).string("kind", "organ").string("path", path + organ.id).integer("count", 1).end_object();
  }
  for (const SubcircuitNode& node : circuit.circuits) {
    const std::string inside = path + node.id + (node.count == 0 ? "" : "[0]");
    begin_child().string("id", node.id).string("kind", "circuit").string("path", inside).integer("count", node.copies());
    json.string_if_any("prototype", node.prototype.name).string_if_any("group", node.group);
    json.string_if_any("generator", node.generator.name);
    if (node.body) {
      json.string_if_any("title", node.body->title);
      write_outline_children(json, *node.body, inside + "/");
    }
    json.end_object();
  }
  if (path.empty()) json.on_new_line();
  json.end_array();
}

std::size_t copies_of(const Circuit& circuit, const std::string& group) {
  std::size_t copies = 0;
  for (const SubcircuitNode& node : circuit.circuits) {
    if (node.group == group) copies += node.copies();
    if (node.body) copies += copies_of(*node.body, group);
  }
  return copies;
}

}  // namespace

void write_problem(JsonWriter& json, const Error& error) {
  json.begin_object().string("what", error.what).string("where", error.where).string("fix", error.fix).end_object();
}

void write_synapse(JsonWriter& json, const SynapseView& synapse) {
  const SynapseProperties& p = synapse.properties;
  json.begin_object().integer("source", synapse.source).integer("target", synapse.target).integer("ordinal", synapse.ordinal);
  json.string("type", FLUX_SYNAPSE_TYPES[static_cast<std::size_t>(p.type)]);
  for (const auto& field : FLUX_SYNAPSE_FIELDS) json.integer(field.key, field.get(p));
  for (const auto& field : FLUX_LEARNING_FIELDS) json.integer(field.key, field.get(p));
  json.integer("shortTerm", synapse.short_term).integer("longTerm", synapse.long_term);
  json.integer("effectiveWeight", synapse.effective_weight).end_object();
}

void write_neuron(JsonWriter& json, const Network& network, NeuronIndex neuron) {
  const NeuronProperties p = network.properties(neuron);
  const NeuronState state = network.state(neuron);
  json.begin_object().integer("neuron", neuron).string("path", network.path(neuron));
  json.key("properties").begin_object();
  for (const auto& field : FLUX_NEURON_FIELDS) json.integer(field.key, field.get(p));
  json.string("modulates", FLUX_MODULATES[p.modulation_targets]).end_object();
  json.key("state").begin_object();
  json.integer("level", state.level).integer("threshold", state.threshold).integer("effectiveThreshold", state.effective_threshold);
  json.integer("modulation", state.modulation).integer("refractoryLeft", state.refractory_left);
  json.integer("burstLeft", state.burst_left).integer("ownSpikeIn", state.own_spike_in).end_object();
  json.key("afferents").begin_array();
  for (const SynapseView& synapse : network.afferents(neuron)) write_synapse(json, synapse);
  json.end_array().key("efferents").begin_array();
  for (const SynapseView& synapse : network.efferents(neuron)) write_synapse(json, synapse);
  json.end_array().end_object();
}

void write_explanation(JsonWriter& json, const Explanation& explanation, NeuronIndex neuron, Tick tick) {
  json.begin_object().integer("neuron", neuron).integer("tick", tick).boolean("fires", explanation.fires);
  json.boolean("blocked", explanation.blocked).integer("level", explanation.before.level).integer("threshold", explanation.threshold);
  json.integer("noise", explanation.noise).integer("modulation", explanation.before.modulation);
  json.key("causes").begin_array();
  if (explanation.own_timer) json.begin_object().string("kind", "own timer").integer("value", 0).end_object();
  constexpr std::string_view FLUX_STIMULI[] = {"direct", "modulator", "electric"};
  for (const Stimulus& stimulus : explanation.by_hand) {
    json.begin_object().string("kind", "hand").string("type", FLUX_STIMULI[static_cast<std::size_t>(stimulus.kind)]);
    json.integer("value", stimulus.value).end_object();
  }
  for (const Arrival& arrival : explanation.arrivals) {
    json.begin_object().string("kind", "synapse").integer("source", arrival.source).integer("firedAt", arrival.fired_at);
    json.string("type", FLUX_SYNAPSE_TYPES[static_cast<std::size_t>(arrival.synapse.type)]).integer("value", arrival.weight);
    json.key("synapse");
    write_synapse(json, {arrival.source, neuron, arrival.ordinal, arrival.synapse, arrival.learned.short_term, arrival.learned.long_term,
                         arrival.weight});
    json.end_object();
  }
  json.end_array().end_object();
}

void write_warnings(JsonWriter& json, const Circuit& root) {
  json.begin_array();
  for (const Finding& finding : check(root)) write_problem(json, {finding.what, finding.where, finding.fix});
  json.end_array();
}

void write_outline(JsonWriter& json, const Circuit& root) {
  json.begin_object().string("id", "").string("kind", "circuit").string("path", "").string("title", root.title).integer("count", 1);
  write_outline_children(json, root, "");
  json.end_object();
}

void write_library(JsonWriter& json, const Circuit& root) {
  json.begin_object().key("prototypes").begin_array();
  for (const Prototype& prototype : root.prototypes) {
    json.begin_object().string("name", prototype.name.name).integer("version", prototype.name.version);
    json.string("title", prototype.body.title).string("description", prototype.body.description);
    json.string_if_any("extends", prototype.extends.name).string_if_any("library", prototype.library).end_object();
  }
  json.end_array().key("groups").begin_array();
  for (const Group& group : root.groups) {
    std::size_t copies = copies_of(root, group.name);
    for (const Prototype& prototype : root.prototypes) copies += copies_of(prototype.body, group.name);
    for (const Group& other : root.groups) copies += copies_of(other.body, group.name);
    json.begin_object().string("name", group.name).string("title", group.body.title);
    json.integer("copies", static_cast<std::int64_t>(copies)).end_object();
  }
  json.end_array().key("generators").begin_array();
  for (const Generator& generator : generators()) {
    json.begin_object().string("name", generator.name).string("title", generator.title).string("description", generator.description);
    json.key("settings").begin_array();
    for (const GeneratorSetting& setting : generator.settings) write_settings(json, setting);
    json.end_array().end_object();
  }
  json.end_array().end_object();
}

}  // namespace flux
