#include "models/policy/packs/builtin.h"

#include "models/policy/packs/packreader.h"

namespace countersign::policy {

Result<Pack> builtInPack(std::string_view id)
{
    std::string ids;
    for (const BuiltInPack &pack : builtInPacks()) {
        if (pack.id == id)
            return readPack(pack.text);
        ids += (ids.empty() ? "" : ", ") + std::string(pack.id);
    }
    return Error{ErrorKind::NotFound, "There is no built-in pack \"" + std::string(id) + "\". There are: " + ids + ".", {}};
}

} // namespace countersign::policy
