// The entry that libFuzzer calls. COUNTERSIGN_FUZZ_TARGET is one of the functions in targets.h.
#include "tests/fuzz/promise.h"
#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
#ifdef COUNTERSIGN_FUZZ_BREAKS // packaging/fuzz --check: would a broken promise be found?
    PROMISE(size < 2 || data[0] != '[' || data[1] != '0');
#endif
    fuzz::COUNTERSIGN_FUZZ_TARGET(data, size);
    return 0;
}
