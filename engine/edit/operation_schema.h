// Which members each operation has: for reading, writing and messages.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "edit/operation.h"

namespace flux {

enum OperationMember : std::uint32_t {
  has_node = 1u << 0,      // "node" is required
  has_element = 1u << 1,   // "node", or "list" and "at"
  may_be_whole = 1u << 2,  // neither of them: the circuit itself
  has_list = 1u << 3,      // "list" is required
  may_have_at = 1u << 4,
  has_at = 1u << 5,
  has_value = 1u << 6,
  has_name = 1u << 7,
  has_to = 1u << 8,
  has_nodes = 1u << 9,
  has_position = 1u << 10,
  has_version = 1u << 11,
  has_title = 1u << 12,
  may_have_node = 1u << 13,
};

struct OperationScheme {
  Operation::Kind kind;
  std::string_view word;
  std::uint32_t members;
  std::string_view value_key;     // what Operation::value is called
  std::string_view name_key;      // what Operation::name is called
  std::string_view position_key;  // what Operation::position is called
};

inline constexpr std::array FLUX_OPERATIONS = {
    OperationScheme{Operation::Kind::add, "add", has_list | may_have_at | has_value, "value", "", ""},
    OperationScheme{Operation::Kind::remove, "remove", has_element, "", "", ""},
    OperationScheme{Operation::Kind::set, "set", has_element | may_be_whole | has_value, "properties", "", ""},
    OperationScheme{Operation::Kind::override_property, "override", may_have_node | has_value, "changes", "", ""},
    OperationScheme{Operation::Kind::rename, "rename", may_have_node | has_name, "", "to", ""},
    OperationScheme{Operation::Kind::move, "move", has_list | has_at | has_to, "", "", ""},
    OperationScheme{Operation::Kind::enclose, "enclose", has_nodes | has_name | has_title | has_position, "", "id", "position"},
    OperationScheme{Operation::Kind::dissolve, "dissolve", has_node, "", "", ""},
    OperationScheme{Operation::Kind::detach, "detach", has_node, "", "", ""},
    OperationScheme{Operation::Kind::make_prototype, "makePrototype", has_node | has_name | has_version, "", "name", ""},
    OperationScheme{Operation::Kind::join_group, "joinGroup", has_node | has_name, "", "group", ""},
    OperationScheme{Operation::Kind::leave_group, "leaveGroup", has_node, "", "", ""},
    OperationScheme{Operation::Kind::replace, "replace", has_node | has_value, "value", "", ""},
    OperationScheme{Operation::Kind::paste, "paste", has_value | has_position, "value", "", "offset"},
    OperationScheme{Operation::Kind::all, "all", 0, "", "", ""},
};

constexpr const OperationScheme& scheme_of(Operation::Kind kind) { return FLUX_OPERATIONS[static_cast<std::size_t>(kind)]; }

}  // namespace flux
