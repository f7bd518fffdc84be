#pragma once

namespace countersign {

/// No core dump of this process, and no other process of the same user may read its memory (RLIMIT_CORE 0,
/// PR_SET_DUMPABLE 0): what is in guarded memory is wiped, but a crash happens in between. First thing in main().
/// Programs that it starts inherit the limit only. Does nothing in builds with a sanitizer, whose reports read the
/// process themselves.
void keepMemoryPrivate();

} // namespace countersign
