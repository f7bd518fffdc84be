#include "models/yaml/fault.h"

namespace countersign::yaml {

std::string Fault::text() const { return line > 0 ? "line " + std::to_string(line) + ": " + sentence : sentence; }

std::string text(std::span<const Fault> faults)
{
    std::string lines;
    for (const Fault &fault : faults)
        lines += (lines.empty() ? "" : "\n") + fault.text();
    return lines;
}

} // namespace countersign::yaml
