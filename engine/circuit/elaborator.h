// elaborate() for those who want all that is wrong, and the warnings.
#pragma once

#include "circuit/circuit.h"
#include "findings.h"

namespace flux {

// The plain circuit of a tree whose parts are sound; incomplete when there were errors. An override whose target is gone is a warning.
// Prototypes and groups that the root does not use are tried too.
Circuit elaborate_tree(const Circuit& root, Findings& findings);
// The same for a root that uses none.
void try_unused(const Circuit& root, Findings& findings);

}  // namespace flux
