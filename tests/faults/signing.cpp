#include "tests/faults/signing.h"

namespace countersign::faults {

void Signing::tell(Oracle &oracle, Tally &tally, microseconds *usual)
{
    for (const auto &line : std::exchange(lines, {})) {
        if (line.is("S"))
            oracle.begun(line.word(1), bundle);
        const auto leaf = line.is("A") ? Digest::parse("sha256:" + line.word(2)) : Result<Digest>(Error{});
        if (!leaf)
            continue;
        oracle.acknowledged(line.word(1), *leaf);
        ++tally.acknowledged;
        if (usual)
            *usual = std::max(microseconds(1), (*usual * 3 + microseconds(std::stoll(line.word(3)))) / 4);
    }
}

bool holdTo(const Plan &plan, int run, const Workplace &place, Oracle &oracle, Tally &tally)
{
    const auto session = reopen(plan, run, place, tally);
    const auto key = place.personKey();
    if (!session || !key)
        return false;
    oracle.check(plan, run, *session, tally);
    if (oracle.unknown().empty())
        return true;
    oracle.resolve(plan, run, *session, *key, tally);
    oracle.check(plan, run, *session, tally);
    return true;
}

} // namespace countersign::faults
