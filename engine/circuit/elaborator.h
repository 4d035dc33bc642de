// Elaborating, for those who want all that is wrong, and the warnings, or a part.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bodies.h"
#include "circuit/circuit.h"
#include "circuit/repeated.h"
#include "circuit/tree_part.h"
#include "findings.h"
#include "scope.h"

namespace flux {

// The plain circuit of a tree whose parts are sound; incomplete when there were errors. An override whose target is gone is a warning.
// Prototypes and groups that the root does not use are tried too.
Circuit elaborate_tree(const Circuit& root, Findings& findings, std::uint64_t share_from);
// The same for a root that uses none.
void try_unused(const Circuit& root, Findings& findings);

// An instance of each prototype and a copy of each group that nothing uses, those of libraries left out.
Circuit instances_of_others(const Circuit& root, const std::function<bool(const Prototype&)>& uses_prototype,
                            const std::function<bool(const Group&)>& uses_group);

// Places the circuits of a tree (placing.cpp), then makes their connections (connecting.cpp).
class Elaborator {
 public:
  // Repeated circuits of `share_from` neurons or more are not written out.
  Elaborator(const Circuit& root, Findings& findings, Bodies& bodies, std::uint64_t share_from)
      : root_(root), findings_(findings), bodies_(bodies), share_from_(share_from) {
    flat_.title = root.title;
    flat_.description = root.description;
    flat_.reusable = root.reusable;
    flat_.settings = root.settings;
    flat_.environment = root.environment;
    flat_.comment = root.comment;
  }

  Circuit run();

  // One instance of a repeated circuit of another elaborator, whose `prefix` is for messages.
  void run_inside(std::shared_ptr<ReadyBody> body, std::string prefix, std::uint64_t seed, std::uint32_t depth,
                  std::vector<std::string> open);
  bool stopped() const { return stopped_; }
  std::uint64_t neurons() const { return neurons_in_all_; }
  std::uint64_t elements() const { return elements_; }
  const Circuit& flat() const { return flat_; }

  // The circuits of a part and all connections from and to them. Nothing after an error, where tables are shared, or where the part has
  // more than `most` elements.
  std::optional<ElaboratedPart> run_part(const TreePart& part, std::uint64_t most);

  // Places the prototypes and groups of the root's own that nothing has used yet, only to see what is wrong with them.
  void try_unused();
  void try_out(const Circuit& trial);

 private:
  using Element = Finding::Element;

  void error(Element element, std::string what, std::string fix, std::string where, TextPlace place);

  // Refuses the whole: going on would only repeat the same error, or take all memory.
  void stop(std::string what, const std::string& fix, std::string where, TextPlace place);

  std::string where(const Scope& scope) const;
  std::string where(const Scope& scope, std::string_view element) const;

  // --- Placing ------------------------------------------------------------------------------------------------------------------

  std::uint32_t place(std::shared_ptr<ReadyBody> body, std::string path, std::uint64_t seed, std::uint32_t depth);

  std::uint32_t add_scope(std::shared_ptr<ReadyBody> body, std::string path, std::uint64_t seed);
  void place_neurons(Scope& scope);
  void write_neuron(const Scope& scope, const NeuronNode& node);
  void place_copies(std::uint32_t parent, std::uint32_t circuit, std::uint32_t depth);
  void place_copy(std::uint32_t parent, std::uint32_t circuit, std::uint32_t copy, std::uint32_t depth);

  static std::string name_of_copy(const SubcircuitNode& node, std::uint32_t copy);
  // Instances of a repeated circuit draw the same, copies each their own.
  static std::uint64_t seed_of_copy(const Scope& parent, const SubcircuitNode& node, std::uint32_t copy);

  // Whether a circuit may be placed at this depth, and is not inside itself; otherwise all stops.
  bool may_open(const SubcircuitNode& node, const std::string& path, std::uint32_t depth);

  // --- Repeated circuits ----------------------------------------------------------------------------------------------------------

  // Makes one instance by itself and finds the ends of its neighbour fibers. Where there are enough neurons, adds the one node that
  // stands for all instances. Null after an error.
  std::shared_ptr<RepeatedScope> place_repeated(std::uint32_t parent, std::uint32_t circuit, std::uint32_t depth);

  void add_repeated_node(const Scope& parent, const SubcircuitNode& node, PlacedRepeat placed);

  std::shared_ptr<Elaborator> make_instance(std::uint32_t parent, std::uint32_t circuit, std::uint32_t copy, std::uint32_t depth);

  void refuse_unlike(const SubcircuitNode& node, std::string path);

  // Of repeated circuits that are written out.
  void check_alike(std::uint32_t number);

  // A neighbour fiber by the neurons of an instance. Nothing after an error, or where a generator does not make an end any more.
  std::optional<PlacedNeighbours> neighbours_inside(const NeighbourFiber& fiber, std::size_t number);

  // The neurons that a path inside an instance names; `name` is that of the neighbour fiber.
  std::optional<PlacedNeighbours::End> end_inside(const std::string& path, const std::string& name, TextPlace place);

  // Neighbour fibers of instances that are written out.
  void connect_neighbours(const Scope& scope, std::size_t circuit);

  // Copies without changes of their own share one body.
  std::shared_ptr<ReadyBody> body_of_copy(Scope& parent, std::uint32_t circuit, std::uint32_t copy);

  static std::string source_of(const SubcircuitNode& node);

  void stop_quietly() { stopped_ = true; }

  // --- Connecting ---------------------------------------------------------------------------------------------------------------

  void connect_all();

  void connect(std::uint32_t number);

  void connect_synapse(Scope& scope, std::size_t index);

  // The neuron at one end; nothing when it was removed, or after an error.
  std::optional<NeuronIndex> end_of(Scope& scope, NeuronIndex end, const std::string& name, TextPlace place);

  void connect_fiber(Scope& scope, std::size_t index);

  // Whether the sides of a fiber one to one, nodes of the flat circuit, have the same size: told if not.
  void check_pairs(const Fiber& fiber, std::string where);

  // Replaces the nodes of a side by those of the flat circuit. False when none is left, or after an error.
  bool side_of(Scope& scope, std::vector<std::uint32_t>& side, const std::string& name, TextPlace place);

  struct PlacedNode {
    std::uint32_t node;  // in the flat circuit
    NeuronIndex first;
  };
  PlacedNode node_at(const Scope& scope, std::uint32_t place);
  NeuronIndex neuron_at(const Scope& scope, NeuronIndex neuron);
  Scope* copy_at(Scope& scope, std::uint32_t circuit, std::uint32_t copy);

  // Adds what a path names to found_. False when nothing is there: it was removed, or an error is reported.
  bool find(Scope& scope, std::string_view path, const Search& search);

  bool find_neuron(Scope& scope, const std::string& name, const Search& search);

  static std::optional<std::uint32_t> find_node(ReadyBody& body, const std::string& name);

  static bool is_removed(const ReadyBody& body, std::string_view name) { return body.removed.contains(std::string(name)); }

  bool find_inside(Scope& scope, std::string_view head, std::string_view rest, const Search& search);

  // Of instances that are not written out: what the path names in one of them, for all that are meant.
  bool find_in_instances(const RepeatedScope& repeated, std::uint32_t instance, std::uint32_t instances, std::string_view path,
                         const Search& search);

  NeuronIndex first_of_flat_node(std::uint32_t node);

  // A connection to what a generator does not make any more: kept, without effect.
  void lost(const Search& search, const std::string& what);

  // A connection one to one between sides of different sizes, of which one stands in another circuit, which may change by itself: the pairs
  // that there are do for it.
  void fits_in_part(std::uint64_t sources, std::uint64_t targets, std::string where, TextPlace place);

  bool missing(const Search& search, std::string what, const Scope& inside, std::string fix);

  // --- A part (elaborate_part.cpp) ------------------------------------------------------------------------------------------------

  using Parts = std::vector<const TreePart*>;  // of one circuit: what it is selected by
  void enter(std::uint32_t number, const Parts& parts, std::uint32_t depth);
  void enter_copies(std::uint32_t number, std::uint32_t circuit, const Parts& parts, bool whole, std::uint32_t depth);
  void connect_border(Scope& scope, const Parts& parts);

  const Circuit& root_;
  Findings& findings_;
  Bodies& bodies_;
  const std::uint64_t share_from_;
  bool is_inside_ = false;                                 // makes an instance of a repeated circuit
  bool is_part_ = false;                                   // places only what it is asked for
  std::uint64_t most_elements_ = 0;                        // of a part
  bool has_single_instances_ = false;                      // of a repeated circuit, in a part
  std::vector<std::pair<std::uint32_t, Parts>> border_;    // circuits around those of the part
  std::vector<std::uint32_t> selected_;                    // circuits of the part
  std::unordered_map<std::uint64_t, PlacedNode> written_;  // of circuits that are not written as a whole, by number and place
  std::string prefix_;                                     // for messages: the path of that instance, with a slash at the end
  std::vector<NeuronIndex> first_of_flat_node_;
  Circuit flat_;
  NeuronIndex neurons_ = 0;           // placed so far
  std::uint64_t neurons_in_all_ = 0;  // the same before the limit is checked
  std::uint64_t shared_neurons_ = 0;  // of those, in repeated circuits that are not written out
  std::uint64_t elements_ = 0, path_bytes_ = 0;
  std::deque<Scope> scopes_;       // they stay where they are
  std::vector<std::string> open_;  // prototypes and groups around the circuit being placed
  std::vector<Target> found_;
  const std::string* leads_inside_ = nullptr;  // the last path that led into another circuit, since it was reset
  bool is_lost_ = false;                       // whether one of them found nothing there, likewise
  TextPlace placing_;                          // where the text has the node that is being placed
  bool stopped_ = false;
};

}  // namespace flux
