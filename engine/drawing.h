// Which steps change only what a person sees.
#pragma once

#include "edit/step.h"

namespace flux {

// Whether a step that `body` is about to take leaves its neurons and connections as they are: places, texts, order.
bool is_drawing(const Circuit& body, const Step& step);

}  // namespace flux
