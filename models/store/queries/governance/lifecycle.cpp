#include "models/store/queries/governance/lifecycle.h"

#include "models/store/queries/governance/columns.h"
#include "models/store/statements.h"

#include <sstream>

namespace countersign::store {

namespace {

/// "exposure=high purpose=credit": ids of a pack, which hold neither spaces nor '='.
std::vector<std::pair<std::string, std::string>> answersOf(const std::string &text)
{
    std::vector<std::pair<std::string, std::string>> answers;
    std::istringstream words(text);
    for (std::string word; words >> word;)
        if (const auto at = word.find('='); at != std::string::npos)
            answers.emplace_back(word.substr(0, at), word.substr(at + 1));
    return answers;
}

} // namespace

Result<std::vector<TierAssessment>> tierAssessments(database::Connection &connection, const ModelId &model)
{
    Statements sql(connection);
    std::vector<TierAssessment> found;
    sql.each("SELECT event, pack, pack_version, answers, points, computed, tier, reason, at, person, person_name, entry, is_confirmed, confirmed_at, confirmed_by_name, "
             "confirmed_entry FROM tier_assessment WHERE model = ? ORDER BY entry DESC",
             [&](const database::Query &row) {
                 TierAssessment one;
                 one.event = row.text(0);
                 one.model = model;
                 one.pack = row.text(1);
                 one.packVersion = row.text(2);
                 one.answers = answersOf(row.text(3));
                 one.points = static_cast<int>(row.integer(4));
                 if (const auto computed = row.integerOrNull(5))
                     one.computed = static_cast<int>(*computed);
                 one.tier = static_cast<int>(row.integer(6));
                 one.reason = row.text(7);
                 one.at = fromMillis(row.integer(8));
                 one.person = personOrNone(row, 9);
                 one.personName = row.text(10);
                 one.entry = row.integer(11);
                 one.isConfirmed = row.integer(12) != 0;
                 if (const auto at = timeOrNone(row, 13))
                     one.confirmed = TierAssessment::Confirmation{*at, row.text(14), row.integer(15)};
                 found.push_back(std::move(one));
             },
             model.text());
    if (!sql.ok())
        return sql.status().error();
    return found;
}

Result<std::vector<StageMove>> stageMoves(database::Connection &connection, const VersionId &version)
{
    Statements sql(connection);
    std::vector<StageMove> moves;
    sql.each("SELECT entry, from_stage, to_stage, stage, transition, pack, pack_version, reason, at, person, person_name, gate FROM stage_move WHERE version = ? ORDER BY entry",
             [&](const database::Query &row) {
                 StageMove move;
                 move.entry = row.integer(0);
                 move.version = version;
                 move.from = row.text(1);
                 move.to = row.text(2);
                 move.stage = static_cast<Stage>(row.integer(3));
                 move.transition = row.text(4);
                 move.pack = row.text(5);
                 move.packVersion = row.text(6);
                 move.reason = row.text(7);
                 move.at = fromMillis(row.integer(8));
                 move.person = personOrNone(row, 9);
                 move.personName = row.text(10);
                 if (const auto digest = Digest::parse("sha256:" + row.text(11)))
                     move.gate = *digest;
                 moves.push_back(std::move(move));
             },
             version.text());
    if (!sql.ok())
        return sql.status().error();
    return moves;
}

Result<std::vector<VersionId>> versionsInStageAt(database::Connection &connection, const ModelId &model, Stage stage, Instant when)
{
    Statements sql(connection);
    std::vector<VersionId> found;
    sql.each("SELECT m.version FROM stage_move m JOIN version v ON v.id = m.version WHERE v.model = ? AND m.stage = ? AND m.at <= ? AND m.entry = "
             "(SELECT max(entry) FROM stage_move WHERE version = m.version AND at <= ?) ORDER BY m.entry DESC",
             [&](const database::Query &row) { found.push_back(VersionId::of(row.text(0))); }, model.text(), stage, toMillis(when), toMillis(when));
    if (!sql.ok())
        return sql.status().error();
    return found;
}

} // namespace countersign::store
