#include <algorithm>

#include "circuit/names.h"
#include "file/circuit_text.h"
#include "fmt/format.h"
#include "text_schema.h"

namespace flux {
namespace {

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void append_comment(std::string& out, std::string_view indent, std::string_view comment) {
  while (!comment.empty()) {
    const std::size_t end = std::min(comment.find('\n'), comment.size());
    out += indent;
    out += end == 0 ? "//" : "// ";
    out += comment.substr(0, end);
    out += '\n';
    if (end == comment.size()) return;
    comment.remove_prefix(end + 1);
    if (comment.empty()) (out += indent) += "//\n";
  }
}

// Shortest text that reads back as the same number; zero without a sign.
std::string number(double value) { return fmt::format("{}", value == 0 ? 0.0 : value); }

// An object on one line: the members that differ from their defaults.
class ObjectLine {
 public:
  explicit ObjectLine(std::string& out) : out_(out) { out_ += '{'; }

  void close() { out_ += '}'; }
  void raw(std::string_view key, std::string_view value) { begin(key) += value; }
  void integer(std::string_view key, std::int64_t value) { fmt::format_to(std::back_inserter(begin(key)), "{}", value); }
  void string(std::string_view key, std::string_view value) { append_string(begin(key), value); }
  void string_if_any(std::string_view key, std::string_view value) {
    if (!value.empty()) string(key, value);
  }
  void choice(std::string_view key, std::span<const std::string_view> words, std::size_t value) { string(key, words[value]); }

  template <class Object>
  void integers(std::span<const IntegerField<Object>> fields, const Object& object) {
    for (const auto& field : fields) {
      if (field.get(object) != field.when_absent(object)) integer(field.key, field.get(object));
    }
  }

  void range(std::string_view key, const Range& range, const Range& when_absent) {
    if (range == when_absent) return;
    if (range.low == range.high) return integer(key, range.low);
    fmt::format_to(std::back_inserter(begin(key)), "[{}, {}]", range.low, range.high);
  }

  std::string& begin(std::string_view key) {
    if (any_) out_ += ", ";
    any_ = true;
    append_string(out_, key);
    return out_ += ": ";
  }

 private:
  std::string& out_;
  bool any_ = false;
};

class TextWriter {
 public:
  TextWriter(const Circuit& circuit, TextSynapses synapses)
      : circuit_(circuit), with_synapses_(synapses == TextSynapses::written), first_of_node_(first_neurons(circuit)) {}

  std::string write() {
    append_comment(out_, "", circuit_.comment);
    out_ += "{\n";
    fmt::format_to(std::back_inserter(out_), "  \"flux\": {}", FLUX_TEXT_VERSION);
    if (!circuit_.title.empty()) append_string(begin_line("title"), circuit_.title);
    if (!circuit_.description.empty()) append_string(begin_line("description"), circuit_.description);
    if (circuit_.settings != NetworkSettings{}) write_settings();
    write_list("neurons", circuit_.neurons, [this](const NeuronNode& node) { write_neuron(node); });
    if (with_synapses_) write_list("synapses", circuit_.synapses, [this](const SynapseNode& synapse) { write_synapse(synapse); });
    write_list("fibers", circuit_.fibers, [this](const Fiber& fiber) { write_fiber(fiber); });
    out_ += "\n}\n";
    return std::move(out_);
  }

 private:
  std::string& begin_line(std::string_view key) {
    out_ += ",\n  ";
    append_string(out_, key);
    return out_ += ": ";
  }

  template <class Element, class WriteElement>
  void write_list(std::string_view key, const std::vector<Element>& elements, const WriteElement& write_element) {
    if (elements.empty()) return;
    begin_line(key) += "[\n";
    for (std::size_t i = 0; i < elements.size(); ++i) {
      append_comment(out_, "    ", elements[i].comment);
      out_ += "    ";
      write_element(elements[i]);
      out_ += i + 1 == elements.size() ? "\n" : ",\n";
    }
    out_ += "  ]";
  }

  void write_settings() {
    const NetworkSettings& settings = circuit_.settings;
    begin_line("settings");
    ObjectLine line(out_);
    if (settings.seed != NetworkSettings{}.seed) line.raw("seed", fmt::format("{}", settings.seed));
    if (settings.tick_microseconds != NetworkSettings{}.tick_microseconds) {
      const bool whole = settings.tick_microseconds % 1000 == 0;
      line.string("tick", whole ? fmt::format("{}ms", settings.tick_microseconds / 1000) : fmt::format("{}us", settings.tick_microseconds));
    }
    line.integers<NetworkSettings>(FLUX_NOISE_FIELDS, settings);
    line.close();
  }

  void write_neuron(const NeuronNode& node) {
    ObjectLine line(out_);
    line.string("id", node.id);
    if (node.count > 0) line.integer("count", node.count);
    if (node.width > 0) line.integer("width", node.width);
    line.integers<NeuronProperties>(FLUX_NEURON_FIELDS, node.properties);
    if (node.properties.modulation_targets != NeuronProperties{}.modulation_targets) {
      line.choice("modulates", FLUX_MODULATES, node.properties.modulation_targets);
    }
    line.string_if_any("inputAlias", node.input_alias);
    line.string_if_any("inputDescription", node.input_description);
    line.string_if_any("outputAlias", node.output_alias);
    line.string_if_any("outputDescription", node.output_description);
    if (node.position) line.raw("position", fmt::format("[{}, {}]", number(node.position->x), number(node.position->y)));
    line.close();
  }

  void write_synapse(const SynapseNode& synapse) {
    ObjectLine line(out_);
    append_path(line.begin("from"), synapse.source);
    append_path(line.begin("to"), synapse.target);
    if (synapse.properties.type != SynapseType::direct) {
      line.choice("type", FLUX_SYNAPSE_TYPES, static_cast<std::size_t>(synapse.properties.type));
    }
    line.integers<SynapseProperties>(FLUX_SYNAPSE_FIELDS, synapse.properties);
    line.integers<SynapseProperties>(FLUX_LEARNING_FIELDS, synapse.properties);
    if (synapse.long_term != 0) line.integer("longTerm", synapse.long_term);
    line.close();
  }

  void write_fiber(const Fiber& fiber) {
    ObjectLine line(out_);
    append_ids(line.begin("from"), fiber.sources);
    append_ids(line.begin("to"), fiber.targets);
    line.choice("rule", FLUX_FIBER_RULES, static_cast<std::size_t>(fiber.rule));
    const bool by_distance = fiber.rule == FiberRule::distance, by_kernel = fiber.rule == FiberRule::kernel;
    if (by_distance) line.integer("radius", fiber.radius);
    if (fiber.rule == FiberRule::random_fanout || (by_distance && fiber.fanout > 0)) {
      line.integer("fanout", fiber.fanout);
    } else if (fiber.rule == FiberRule::random_probability || by_distance) {
      line.raw("probability", number(fiber.probability));
    }
    if (by_kernel) append_kernel(line.begin("kernel"), fiber.kernel);
    if (fiber.wrap && (by_distance || by_kernel)) line.raw("wrap", "true");
    if (fiber.allow_self) line.raw("allowSelf", "true");
    if (fiber.properties.type != SynapseType::direct) {
      line.choice("type", FLUX_SYNAPSE_TYPES, static_cast<std::size_t>(fiber.properties.type));
    }
    if (!by_kernel) {
      line.range("weight", fiber.weight, Fiber{}.weight);
      line.range("length", fiber.length, Fiber{}.length);
    }
    line.integers<SynapseProperties>(FLUX_LEARNING_FIELDS, fiber.properties);
    if (fiber.seed) line.raw("seed", fmt::format("{}", *fiber.seed));
    line.close();
  }

  static void append_kernel(std::string& out, const std::vector<KernelOffset>& kernel) {
    out += '[';
    for (std::size_t i = 0; i < kernel.size(); ++i) {
      const KernelOffset& offset = kernel[i];
      if (i > 0) out += ", ";
      fmt::format_to(std::back_inserter(out), "[{}, {}, {}, {}]", offset.dx, offset.dy, offset.weight, offset.length);
    }
    out += ']';
  }

  void append_path(std::string& out, NeuronIndex neuron) {
    const auto after = std::upper_bound(first_of_node_.begin(), first_of_node_.end(), neuron);
    const auto node = static_cast<std::size_t>(after - first_of_node_.begin()) - 1;
    append_string(out, circuit_.neurons[node].id);
    if (circuit_.neurons[node].count == 0) return;
    out.pop_back();
    fmt::format_to(std::back_inserter(out), "[{}]\"", neuron - first_of_node_[node]);
  }

  void append_ids(std::string& out, const std::vector<std::uint32_t>& nodes) {
    out += '[';
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (i > 0) out += ", ";
      append_string(out, circuit_.neurons[nodes[i]].id);
    }
    out += ']';
  }

  const Circuit& circuit_;
  const bool with_synapses_;
  std::vector<NeuronIndex> first_of_node_;
  std::string out_;
};

}  // namespace

std::string write_circuit_text(const Circuit& circuit, TextSynapses synapses) { return TextWriter(circuit, synapses).write(); }

}  // namespace flux
