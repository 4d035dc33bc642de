// Taking a step.
#pragma once

#include "edit/step.h"

namespace flux {

// Changes the body as the step says; the step becomes the one that changes it back.
void take_step(Circuit& body, Step& step);

}  // namespace flux
