#include "models/predictions/mapping/mapping.h"

#include "tests/fuzz/memoryfile.h"
#include "tests/fuzz/targets.h"

namespace fuzz {

using namespace countersign;
using namespace countersign::predictions;

void mapping(const std::uint8_t *data, std::size_t size)
{
    const auto read = readMapping(BytesView(reinterpret_cast<const char *>(data), size));
    if (!read)
        return;
    PROMISE(read->check());
    const Bytes written = writeMapping(*read);
    const auto again = readMapping(written);
    PROMISE(again.ok() && *again == *read);
    PROMISE(writeMapping(*again) == written);

    static constexpr std::string_view kLog = "ts,y_true,score,pred,w,sex,age\n2025-01-06,1,0.75,1,1,F,34\n2025-01-07T10:00:00Z,0,.25,0,2,M,\n,,,,,,\n";
    auto reader = openLog(reinterpret_cast<const std::uint8_t *>(kLog.data()), kLog.size());
    PROMISE(reader.ok());
    const auto log = reader->read(*read);
    PROMISE(!log || log->facts.rows == log->rowsTaken() + log->facts.rejects.total);
}

} // namespace fuzz
