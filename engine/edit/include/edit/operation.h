// Operations: small changes of a tree of circuits, as the studio, files, scripts and peers speak them. docs/operations.md lists them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "circuit/circuit.h"
#include "file/element_text.h"

namespace flux {

inline constexpr int FLUX_OPERATIONS_VERSION = 1;
inline constexpr std::size_t FLUX_MAX_OPERATIONS = 1u << 20;        // of one message, those inside "all" counted
inline constexpr std::size_t FLUX_MAX_OPERATION_BYTES = 64u << 20;  // of one message
inline constexpr std::uint32_t FLUX_MAX_OPERATION_DEPTH = 8;        // "all" inside "all"

// Which members an operation has is up to its kind; the others are empty.
struct Operation {
  enum class Kind : std::uint8_t {
    add,
    remove,
    set,
    override_property,
    rename,
    move,
    enclose,
    dissolve,
    detach,
    make_prototype,
    join_group,
    leave_group,
    replace,
    paste,
    all,
  };

  Kind kind = Kind::all;
  std::string in;                   // the circuit that is edited: "" the root, "leg/knee", "/prototypes/leg", "/groups/eye"
  std::string node;                 // id of a neuron, organ or circuit there
  std::optional<ElementList> list;  // together with `at`: an element by its place
  std::optional<std::uint32_t> at;
  std::string value;          // JSON: of add and replace the element, of set the properties, of override the changes, of paste a circuit
  std::string name;           // rename: the new id; enclose: its id; make_prototype, join_group: the name
  std::uint32_t version = 0;  // make_prototype
  std::uint32_t to = 0;       // move: the new place
  std::vector<std::string> nodes;     // enclose
  std::string title;                  // enclose
  std::optional<Position> position;   // enclose: of the new circuit; paste: added to all positions
  std::vector<Operation> operations;  // all
};

// "add", "makePrototype", ...: as messages call it.
std::string_view word_of(Operation::Kind kind);

// A message: {"fluxOperations": 1, "operations": [...]}. A bare list of operations is read too. Errors name the operation and, for
// `name`, line and column.
Result<std::vector<Operation>> read_operations(std::string_view text, const std::string& name);
// One operation a line.
std::string write_operations(std::span<const Operation> operations);

// The same text in a frame: magic, version, length and checksum. Bytes that are not a whole undamaged message are refused.
std::string pack_operations(std::span<const Operation> operations);
Result<std::vector<Operation>> unpack_operations(std::string_view bytes, const std::string& name);
bool is_packed(std::string_view bytes);

}  // namespace flux
