// flatten() for elaborated circuits in which repeated ones are not written out.
#pragma once

#include "base/result.h"
#include "circuit/circuit.h"
#include "graph/graph.h"

namespace flux {

Result<Graph> flatten_repeated(const Circuit& plain);

}  // namespace flux
