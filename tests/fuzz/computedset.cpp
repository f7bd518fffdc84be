#include "models/computed/record/computedreader.h"
#include "models/computed/record/recompute.h"
#include "models/crypto/sha256.h"
#include "tests/fuzz/promise.h"
#include "tests/fuzz/targets.h"

namespace fuzz {

using namespace countersign;
using namespace countersign::computed;

void computedSet(const std::uint8_t *data, std::size_t size)
{
    const BytesView text(reinterpret_cast<const char *>(data), size);
    Digest rows;
    const auto set = readComputed(text, &rows);
    if (!set) {
        PROMISE(set.error().kind == ErrorKind::Invalid || set.error().kind == ErrorKind::Unsupported);
        return;
    }
    PROMISE(writeComputed(*set) == text);
    PROMISE(crypto::sha256(writeComputedRows(*set)) == rows);
    PROMISE(!writeParameters(*set).empty());
    const Recomputation same = compareSets(*set, *set);
    PROMISE(same.differences == 0);
}

} // namespace fuzz
