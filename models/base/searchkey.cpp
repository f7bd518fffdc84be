#include "models/base/searchkey.h"

#include <algorithm>
#include <cstdlib>
#include <utf8proc.h>

namespace countersign::text {

std::string searchKey(std::string_view utf8)
{
    if (std::ranges::all_of(utf8, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
        std::string key(utf8);
        std::ranges::transform(key, key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        return key;
    }
    utf8proc_uint8_t *folded = nullptr;
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_CASEFOLD | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);
    const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t *>(utf8.data()), static_cast<utf8proc_ssize_t>(utf8.size()), &folded, options);
    if (length < 0)
        return std::string(utf8);
    std::string key(reinterpret_cast<const char *>(folded), static_cast<std::size_t>(length));
    std::free(folded); // utf8proc_map allocates with malloc
    return key;
}

} // namespace countersign::text
