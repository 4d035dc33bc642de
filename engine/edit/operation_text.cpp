#include <algorithm>
#include <cmath>
#include <optional>

#include "edit/operation.h"
#include "file/json_tree.h"
#include "file/object_reader.h"
#include "fmt/format.h"
#include "operation_schema.h"

namespace flux {
namespace {

std::vector<std::string_view> operation_words() {
  std::vector<std::string_view> words;
  words.reserve(std::size(FLUX_OPERATIONS));
  for (const OperationScheme& scheme : FLUX_OPERATIONS) words.push_back(scheme.word);
  return words;
}

class OperationReader {
 public:
  explicit OperationReader(const JsonTree& tree) : tree_(tree) {}

  ProblemList& problems() { return problems_; }

  std::vector<Operation> read() {
    const JsonValue root = tree_.root();
    if (root.kind() == JsonKind::array) return read_list(root, 0);
    ObjectReader object(problems_, root, "a message of operations");
    if (root.kind() != JsonKind::object) return {};
    const auto version = object.take_required("fluxOperations");
    if (version && (version->kind() != JsonKind::integer || version->integer() != FLUX_OPERATIONS_VERSION)) {
      problems_.add(*version, "the version of these operations is not one this program knows",
                    "\"fluxOperations\" must be 1; a higher number needs a newer program");
      return {};
    }
    const auto list = object.take_required("operations");
    object.finish();
    return list ? read_list(*list, 0) : std::vector<Operation>();
  }

 private:
  std::vector<Operation> read_list(const JsonValue& list, std::uint32_t depth) {
    std::vector<Operation> operations;
    if (list.kind() != JsonKind::array) {
      problems_.add(list, fmt::format("\"operations\" must be a list, not {}", kind_name(list.kind())), "write it as [ ... ]");
      return operations;
    }
    count_ += list.count();
    if (count_ > FLUX_MAX_OPERATIONS || depth > FLUX_MAX_OPERATION_DEPTH) {
      problems_.add(
          list, fmt::format("more than {} operations, or \"all\" nested more than {} deep", FLUX_MAX_OPERATIONS, FLUX_MAX_OPERATION_DEPTH),
          "send fewer at a time");
      return operations;
    }
    operations.reserve(list.count());
    for (const JsonValue value : list.children()) {
      operations.push_back(read_operation(value, depth));
      if (problems_.full()) break;
    }
    return operations;
  }

  Operation read_operation(const JsonValue& value, std::uint32_t depth) {
    Operation operation;
    ObjectReader object(problems_, value, "an operation");
    if (!object.take_required("op")) return operation;
    static const std::vector<std::string_view> words = operation_words();
    const auto word = object.take_choice("op", words);
    if (!word) return operation;
    const OperationScheme& scheme = FLUX_OPERATIONS[*word];
    operation.kind = scheme.kind;
    operation.in = scheme.kind == Operation::Kind::all ? "" : object.take_string("in").value_or("");
    read_element_name(object, scheme, operation);
    read_members(object, scheme, operation);
    if (scheme.kind == Operation::Kind::all) {
      if (const auto list = object.take_required("operations")) operation.operations = read_list(*list, depth + 1);
    }
    object.finish();
    return operation;
  }

  static std::optional<std::uint32_t> place(ObjectReader& object, std::string_view key) {
    const auto at = object.take_integer(key, 0, UINT32_MAX);
    return at ? std::optional(static_cast<std::uint32_t>(*at)) : std::nullopt;
  }

  void read_element_name(ObjectReader& object, const OperationScheme& scheme, Operation& operation) {
    const std::uint32_t members = scheme.members;
    if ((members & (has_node | may_have_node | has_element)) != 0) {
      const auto node = (members & has_node) != 0 ? object.take_required("node") : object.take("node");
      if (node) operation.node = object.string_of(*node, "node").value_or("");
    }
    if ((members & (has_element | has_list)) != 0) {
      const auto list = (members & has_list) != 0 ? object.take_required("list") : object.take("list");
      if (list) {
        const auto number = object.take_choice("list", FLUX_ELEMENT_LISTS);
        if (number) operation.list = static_cast<ElementList>(*number);
      }
    }
    if ((members & (has_element | may_have_at | has_at)) != 0) {
      if ((members & has_at) != 0) object.take_required("at");
      operation.at = place(object, "at");
    }
    if ((members & has_element) == 0) return;
    const bool by_place = operation.list && operation.at;
    if (operation.node.empty() ? !by_place && ((members & may_be_whole) == 0 || operation.list || operation.at)
                               : operation.list || operation.at) {
      problems_.add(object.value(), fmt::format("\"{}\" needs either \"node\", or \"list\" and \"at\"", scheme.word),
                    "say which element is meant");
    }
  }

  void read_members(ObjectReader& object, const OperationScheme& scheme, Operation& operation) {
    const std::uint32_t members = scheme.members;
    if ((members & has_value) != 0) {
      if (const auto value = object.take_required(scheme.value_key)) {
        if (value->kind() == JsonKind::object) {
          operation.value = tree_.text().substr(value->offset(), value->end_offset() - value->offset());
        } else {
          problems_.add(*value, fmt::format("\"{}\" must be an object, not {}", scheme.value_key, kind_name(value->kind())),
                        "write it as {...}");
        }
      }
    }
    if ((members & has_name) != 0) {
      if (const auto name = object.take_required(scheme.name_key)) operation.name = object.string_of(*name, scheme.name_key).value_or("");
    }
    if ((members & has_to) != 0) {
      object.take_required("to");
      operation.to = place(object, "to").value_or(0);
    }
    if ((members & has_nodes) != 0) read_nodes(object, operation);
    if ((members & has_title) != 0) operation.title = object.take_string("title").value_or("");
    if ((members & has_position) != 0) operation.position = object.take_position(scheme.position_key);
    if ((members & has_version) != 0)
      operation.version = static_cast<std::uint32_t>(object.take_integer("version", 1, UINT32_MAX).value_or(0));
  }

  void read_nodes(ObjectReader& object, Operation& operation) {
    const auto nodes = object.take_required("nodes");
    if (!nodes) return;
    if (nodes->kind() != JsonKind::array) {
      return problems_.add(*nodes, fmt::format("\"nodes\" must be a list, not {}", kind_name(nodes->kind())),
                           "write it as [\"hip\", \"knee\"]");
    }
    for (const JsonValue node : nodes->children()) operation.nodes.emplace_back(object.string_of(node, "nodes").value_or(""));
  }

  const JsonTree& tree_;
  ProblemList problems_;
  std::size_t count_ = 0;
};

// Members in the order of the page.
class OperationWriter {
 public:
  explicit OperationWriter(std::string& out) : out_(out) {}

  void write(const Operation& operation) {
    const OperationScheme& scheme = scheme_of(operation.kind);
    out_ += "{\"op\": ";
    append_json_string(out_, scheme.word);
    if (!operation.in.empty()) string("in", operation.in);
    if (!operation.node.empty()) string("node", operation.node);
    if (operation.list) string("list", FLUX_ELEMENT_LISTS[static_cast<std::size_t>(*operation.list)]);
    if (operation.at) raw("at", fmt::format("{}", *operation.at));
    if ((scheme.members & has_nodes) != 0) nodes(operation.nodes);
    if ((scheme.members & has_name) != 0) string(scheme.name_key, operation.name);
    if ((scheme.members & has_to) != 0) raw("to", fmt::format("{}", operation.to));
    if (operation.version != 0) raw("version", fmt::format("{}", operation.version));
    if (!operation.title.empty()) string("title", operation.title);
    if (operation.position) {
      raw(scheme.position_key, fmt::format("[{}, {}]", json_number(operation.position->x), json_number(operation.position->y)));
    }
    if ((scheme.members & has_value) != 0) raw(scheme.value_key, operation.value);
    if (operation.kind == Operation::Kind::all) {
      out_ += ", \"operations\": [";
      for (std::size_t i = 0; i < operation.operations.size(); ++i) {
        if (i > 0) out_ += ", ";
        write(operation.operations[i]);
      }
      out_ += ']';
    }
    out_ += '}';
  }

 private:
  void raw(std::string_view key, std::string_view text) {
    out_ += ", ";
    append_json_string(out_, key);
    (out_ += ": ") += text;
  }
  void string(std::string_view key, std::string_view text) {
    std::string quoted;
    append_json_string(quoted, text);
    raw(key, quoted);
  }
  void nodes(const std::vector<std::string>& ids) {
    std::string list = "[";
    for (const std::string& id : ids) {
      if (list.size() > 1) list += ", ";
      append_json_string(list, id);
    }
    raw("nodes", list + "]");
  }

  std::string& out_;
};

}  // namespace

std::string_view word_of(Operation::Kind kind) { return scheme_of(kind).word; }

Result<std::vector<Operation>> read_operations(std::string_view text, const std::string& name) {
  if (text.size() > FLUX_MAX_OPERATION_BYTES) {
    return Error{fmt::format("a message of more than {} MiB is too large", FLUX_MAX_OPERATION_BYTES >> 20), name, "send less at a time"};
  }
  JsonTree tree;
  auto problem = tree.parse(text);
  if (!problem) {
    OperationReader reader(tree);
    std::vector<Operation> operations = reader.read();
    if (!reader.problems().any()) return operations;
    problem = reader.problems().list().front();
  }
  const TextPlaces::Place place = TextPlaces(text).find(problem->offset);
  return Error{problem->what, fmt::format("{}:{}:{}", name, place.line, place.column), problem->fix};
}

std::string write_operations(std::span<const Operation> operations) {
  std::string text = fmt::format("{{\"fluxOperations\": {}, \"operations\": [", FLUX_OPERATIONS_VERSION);
  OperationWriter writer(text);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    text += i == 0 ? "\n  " : ",\n  ";
    writer.write(operations[i]);
  }
  return text += operations.empty() ? "]}\n" : "\n]}\n";
}

}  // namespace flux
