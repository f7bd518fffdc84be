#pragma once

namespace countersign::scoretables {

/// Two numbers side by side: what is done for the one is done for the other by the same instruction.
using Two = double __attribute__((vector_size(16)));

} // namespace countersign::scoretables
