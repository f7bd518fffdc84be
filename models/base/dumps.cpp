#include "models/base/dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace countersign {

void keepMemoryPrivate()
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    const rlimit none{0, 0};
    static_cast<void>(::setrlimit(RLIMIT_CORE, &none)); // lowering a limit is always allowed
    static_cast<void>(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
#endif
}

} // namespace countersign
