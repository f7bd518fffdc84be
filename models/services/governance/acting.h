#pragma once

#include "models/services/workspace/journal.h"

namespace countersign::services {

/// What a record is about: a model that is there, and a version of it where one is named. NotFound; Invalid: a version of another model.
Status checkSubject(Session &session, const ModelId &model, const std::optional<VersionId> &version);

/// One act on a record of governance: `read` gives the record as it is inside the ledger's lock, `decide` the event, or why not. Returns the record as it is
/// afterwards.
template<class Read, class Decide>
auto actOn(Session &session, Read read, Decide decide) -> decltype(read(session))
{
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    const auto record = read(session);
    if (!record)
        return record.error();
    Result<Draft> draft = decide(*record);
    if (!draft)
        return draft.error();
    if (const auto seq = journal->record(std::move(*draft)); !seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return read(session);
}

} // namespace countersign::services
