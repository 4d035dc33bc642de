// A circuit as a person writes it: neurons with names, synapses, fibers, and circuits inside circuits. What the text form says and nothing
// more; elaborate.h makes one circuit of a tree of them, flatten.h the flat graph.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "graph/properties.h"

namespace flux {

struct Position {
  double x = 0, y = 0;  // canvas units; never part of the dynamics
  friend bool operator==(const Position&, const Position&) = default;
};

// Where the text form has an element, in bytes from its beginning; 0 for one that was not read from text. It is no part of the element's
// value: all places compare equal.
struct TextPlace {
  std::uint32_t offset = 0;
  friend bool operator==(const TextPlace&, const TextPlace&) { return true; }
};

struct PlacedRepeat;  // repeated.h

// One neuron, or a population of `count` alike neurons id[0]..id[count-1].
struct NeuronNode {
  std::string id;           // unique in its circuit
  std::uint32_t count = 0;  // 0: a single neuron, reached as "id"; n > 0: a population, reached as "id[k]"
  std::uint32_t width = 0;  // of a population laid out as a grid: neurons in a row, a divisor of count; 0: all in one row
  NeuronProperties properties;
  std::string input_alias, input_description;
  std::string output_alias, output_description;
  std::optional<Position> position, extent;  // extent: width and height on the canvas
  std::string comment;                       // the lines of // before it in the text form, without slashes, joined by \n
  TextPlace place{};
  // Only in an elaborated circuit: the node stands for all neurons of a repeated circuit, `count` of them.
  std::shared_ptr<const PlacedRepeat> repeated{};

  std::uint32_t size() const { return count == 0 ? 1 : count; }
  friend bool operator==(const NeuronNode&, const NeuronNode&) = default;
};

// From this number on, an end of a synapse or a node of a fiber's side is a path: number x stands for Circuit::paths[x - 2^31].
inline constexpr std::uint32_t FLUX_FIRST_PATH = std::uint32_t{1} << 31;
constexpr bool is_path(std::uint32_t end) { return end >= FLUX_FIRST_PATH; }

// A single synapse between two neurons: of the circuit itself, by their place in the flat order (nodes in order, populations expanded), or
// inside its subcircuits, by path.
struct SynapseNode {
  NeuronIndex source = 0;
  NeuronIndex target = 0;
  SynapseProperties properties;
  std::int16_t long_term = 0;  // learned part that persists, 1/256 weight; 0 unless plastic
  std::string comment;
  TextPlace place{};

  friend bool operator==(const SynapseNode&, const SynapseNode&) = default;
};

// A whole number that is constant (low == high) or drawn evenly from low..high for each synapse.
struct Range {
  std::int32_t low = 0, high = 0;
  friend bool operator==(const Range&, const Range&) = default;
};

enum class FiberRule : std::uint8_t {
  one_to_one,          // k-th source to k-th target; both sides have the same size, unless one lies in a generator
  all_to_all,          // every pair
  random_probability,  // every pair with probability `probability` / 2^32
  random_fanout,       // each source draws `fanout` targets, repeats allowed
  distance,  // on grids: pairs up to `radius` cells apart, the likelier the closer; by `fanout` where it is set, else by `probability`
  kernel,    // on grids: each source to the targets at the offsets of `kernel`
};

inline constexpr std::uint32_t FLUX_MAX_RADIUS = 32767;   // cells: squares of distances fit 64 bits
inline constexpr std::int32_t FLUX_MAX_OFFSET = 1 << 24;  // columns or rows

// One synapse of each source of a kernel fiber: columns and rows from the source to its target, and what the synapse is like.
struct KernelOffset {
  std::int32_t dx = 0, dy = 0;
  std::int32_t weight = 20;
  std::int32_t length = 10;
  friend bool operator==(const KernelOffset&, const KernelOffset&) = default;
};

// Many synapses made in one gesture and kept as a rule.
struct Fiber {
  std::vector<std::uint32_t> sources;  // indices of NeuronNodes, or paths
  std::vector<std::uint32_t> targets;
  FiberRule rule = FiberRule::all_to_all;
  std::uint32_t radius = 0;  // distance: cells of the targets' grid, the farthest that are connected
  std::uint32_t fanout = 0;  // random_fanout, distance: synapses per source
  double probability = 0;    // random_probability, distance (of a pair at the same place): 0..1, rounded to a multiple of 2^-32
  std::vector<KernelOffset> kernel;
  bool wrap = false;             // distance, kernel: whether each edge of the grid borders on the opposite one
  bool allow_self = false;       // whether a neuron may be connected to itself
  SynapseProperties properties;  // weight and length are replaced by the ranges below, or by the kernel's
  Range weight{20, 20};
  Range length{10, 10};
  std::optional<std::uint64_t> seed;    // absent: derived from the network's seed and the fiber's number
  std::optional<std::uint32_t> number;  // absent: the fiber's place in the list; kept when it comes to another place
  std::string comment;
  TextPlace place{};

  friend bool operator==(const Fiber&, const Fiber&) = default;
};

// A value of a type that is declared but not complete yet, or none. Copies copy the value.
template <class T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(T value) : value_(std::make_unique<T>(std::move(value))) {}
  Boxed(const Boxed& other) : value_(other ? std::make_unique<T>(*other) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(Boxed other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }
  ~Boxed() = default;

  explicit operator bool() const { return value_ != nullptr; }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }
  friend bool operator==(const Boxed& a, const Boxed& b) { return a && b ? *a == *b : !a && !b; }

 private:
  std::unique_ptr<T> value_;
};

// What a property is overridden with; which kind fits is up to the property.
using OverrideValue = std::variant<std::int64_t, double, bool, std::string, Range>;

// A property of something inside a circuit that is taken over from elsewhere, set to another value. The target is a path to a neuron or
// subcircuit ("flexor", "knee/flexor"; in copies "[2]/flexor" for one of them), or the two ends of connections ("flexor > hip").
struct Override {
  std::string target;
  std::string property;  // as the text form calls it
  OverrideValue value;
  TextPlace place{};

  friend bool operator==(const Override&, const Override&) = default;
};

// What an instance or an heir changes in the circuit it takes over: removals first, then overrides in order.
struct Changes {
  std::vector<std::string> removes;  // paths of neurons and subcircuits; what is connected to them goes too
  std::vector<Override> overrides;

  bool empty() const { return removes.empty() && overrides.empty(); }
  friend bool operator==(const Changes&, const Changes&) = default;
};

// Names a prototype. Version 0: the highest there is.
struct PrototypeName {
  std::string name;
  std::uint32_t version = 0;

  friend bool operator==(const PrototypeName&, const PrototypeName&) = default;
};

// Synapses from each instance of a repeated circuit to those around it, always the same.
struct NeighbourFiber {
  std::string source, target;  // paths inside an instance: neurons, aliases or populations; of two populations of one size, one to one
  std::vector<KernelOffset> kernel;
  SynapseProperties properties;  // weight and length are the kernel's
  std::string comment;
  TextPlace place{};

  friend bool operator==(const NeighbourFiber&, const NeighbourFiber&) = default;
};

// How the instances of a repeated circuit lie to one another. Instance k lies in column k % width and row k / width.
struct Repeat {
  enum class Layout : std::uint8_t {
    line,       // one row
    ring,       // one row, whose end borders on its beginning
    grid,       // rows and columns
    hexagonal,  // odd rows lie half a step to the right; an offset of one row leads to the lower right, of one row and -1 to the lower left
  };

  Layout layout = Layout::line;
  std::uint32_t width = 0;  // grid, hexagonal: instances in a row, a divisor of all
  bool wrap = false;        // grid, hexagonal: whether each edge borders on the opposite one
  std::vector<NeighbourFiber> neighbours;

  friend bool operator==(const Repeat&, const Repeat&) = default;
};

// A setting of a generator as it is written: a whole number, or one of its words.
struct GeneratorValue {
  std::string name;
  std::variant<std::int64_t, std::string> value;
  TextPlace place{};

  friend bool operator==(const GeneratorValue&, const GeneratorValue&) = default;
};

// A circuit kept as the rule that makes it (generators.h).
struct GeneratorRule {
  std::string name;                      // of the generator
  std::vector<GeneratorValue> settings;  // those left out take their defaults
  std::optional<std::uint64_t> seed;     // of the fibers inside; absent: they draw by the place of the circuit, as any do

  friend bool operator==(const GeneratorRule&, const GeneratorRule&) = default;
};

struct Circuit;

// A circuit inside a circuit, or `count` copies of it, id[0]..id[count-1]. It has a body of its own, or that of a prototype, a group or a
// generator.
struct SubcircuitNode {
  enum class Source : std::uint8_t { body, prototype, group, generator };

  std::string id;           // unique among the neurons, organs and circuits of its circuit
  std::uint32_t count = 0;  // 0: a single one, reached as "id"
  Source source = Source::body;
  PrototypeName prototype;
  std::string group;
  GeneratorRule generator;
  Boxed<Circuit> body;
  Changes changes;
  std::optional<Position> position, extent;  // extent: width and height on the canvas
  std::string comment;
  TextPlace place{};
  std::optional<Repeat> repeat{};  // the copies are instances of a repeated circuit: alike in what they draw at random, side by side

  std::uint32_t copies() const { return count == 0 ? 1 : count; }
  friend bool operator==(const SubcircuitNode&, const SubcircuitNode&) = default;
};

// Code beside the network, kept as a node even where the code is missing. Its neurons are ordinary ones, reached as "id/neuron".
struct OrganNode {
  std::string id;
  std::string type;
  std::string settings;  // a JSON object on one line, in the canonical form of docs/file-format.md; empty: none
  std::vector<NeuronNode> inputs, outputs;
  std::optional<Position> position, extent;  // extent: width and height on the canvas
  std::string comment;
  TextPlace place{};

  friend bool operator==(const OrganNode&, const OrganNode&) = default;
};

// What organs read by name (environment.h). Real numbers are finite.
using EnvironmentValue = std::variant<std::int64_t, double, std::string>;
using Environment = std::map<std::string, EnvironmentValue, std::less<>>;

// A remark on the canvas.
struct CanvasComment {
  struct Reply {
    std::string author, text;
    friend bool operator==(const Reply&, const Reply&) = default;
  };

  std::string author, text;
  std::vector<Reply> thread;
  bool resolved = false;                     // what it asks for is done
  std::optional<Position> position, extent;  // extent: width and height on the canvas
  std::string comment;
  TextPlace place{};

  friend bool operator==(const CanvasComment&, const CanvasComment&) = default;
};

// Of an elaborated circuit: a node inside a repeated one, of one instance or of all, as a side of a fiber. Number x of a side stands for
// Circuit::repeated_sides[x - 2^31].
struct RepeatedSide {
  std::uint32_t node = 0;   // the repeated circuit
  std::uint32_t first = 0;  // neurons of an instance
  std::uint32_t count = 1;
  std::uint32_t width = 0;      // as in NeuronNode
  NeuronProperties properties;  // in most instances
  std::uint32_t instance = 0, instances = 1;

  std::uint64_t size() const { return std::uint64_t{count} * instances; }
  friend bool operator==(const RepeatedSide&, const RepeatedSide&) = default;
};

struct Prototype;
struct Group;

// The root circuit, or one inside another. Settings, environment, prototypes, groups, libraries and the comment belong to the root alone.
struct Circuit {
  std::string title;
  std::string description;  // Markdown
  bool reusable = false;    // meant to be placed in others
  NetworkSettings settings;
  Environment environment;
  std::vector<std::string> libraries;  // files or folders of prototypes, relative to the file
  std::vector<Prototype> prototypes;
  std::vector<Group> groups;
  std::vector<NeuronNode> neurons;
  std::vector<OrganNode> organs;
  std::vector<SubcircuitNode> circuits;
  std::vector<SynapseNode> synapses;
  std::vector<Fiber> fibers;
  std::vector<CanvasComment> comments;
  std::vector<std::string> paths;            // what ends from FLUX_FIRST_PATH on stand for, each once, in the order of their first use
  std::string comment;                       // comment lines at the head of the text form
  std::vector<RepeatedSide> repeated_sides;  // only in an elaborated circuit

  friend bool operator==(const Circuit&, const Circuit&);
};

// A circuit under a name, to be placed many times. One that extends another takes its circuit, changes it and adds its own.
struct Prototype {
  PrototypeName name;
  PrototypeName extends;  // no name: nothing
  Changes changes;        // of what it extends
  Circuit body;
  std::string library;  // the file it was read from; empty: it stands in the circuit's own
  std::string comment;
  TextPlace place{};

  friend bool operator==(const Prototype&, const Prototype&) = default;
};

// A circuit that its linked copies share.
struct Group {
  std::string name;
  Circuit body;
  std::string comment;
  TextPlace place{};

  friend bool operator==(const Group&, const Group&) = default;
};

}  // namespace flux
