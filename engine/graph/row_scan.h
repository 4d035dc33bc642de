// The check of all compiled rows of a plain graph, and what they add up to.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "graph/graph.h"

namespace flux {

struct RowSums {
  std::uint64_t synapses = 0, plastic = 0;
  bool has_type[3] = {};
  std::int64_t inflow_bound = 0;  // see Graph::inflow_bound()
  std::uint64_t longest_delta = 0, longest_length = 0;
};

// Looks at each word once: large tables on all processors. Refuses rows that leave the table, overlap, or name what does not exist.
// The columns' sizes and types have been checked.
Result<RowSums> scan_rows(const GraphColumns& columns, Word target_mask);

Error broken_graph(std::string what);

}  // namespace flux
