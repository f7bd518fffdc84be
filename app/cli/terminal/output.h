#pragma once

#include "app/cli/context.h"
#include "app/cli/text/columns.h"
#include "models/base/json.h"
#include "models/domain/inventory.h"
#include "models/domain/judgement.h"
#include "models/domain/people.h"
#include "models/services/imports/imports.h"
#include "models/store/queries/queries.h"

#include <string>

/// Values of the record as JSON and as text, the same in every command. Key names never change their meaning.
namespace countersign::cli {

/// Prints one document {"schema": "countersign.<what>/1", …} in a line: canonical JSON in which characters that cannot be seen are
/// written as escapes, so that data cannot steer a terminal.
void printJson(Context &context, const std::string &what, json::Object document);

/// `key` as a number; NaN and infinities as null with a member that says why ("reason" for "value", otherwise "<key>Reason").
void setReal(json::Object &object, const std::string &key, std::optional<double> value);
void setTime(json::Object &object, const std::string &key, const std::optional<Instant> &time);
/// As lists show a value: shortest digits; "not available" for NaN.
std::string realText(double value);
/// "2026-03-01 09:17 UTC".
std::string timeText(Instant time);
json::Array textArray(const std::vector<std::string> &texts);
json::Object tagObject(const std::vector<Tag> &tags);

json::Object modelJson(const MlModel &model);
json::Object versionJson(const store::VersionRow &row);
json::Object verdictJson(const Verdict &verdict);
json::Object ruleJson(const Rule &rule);
json::Object personJson(const Person &person);
json::Object signOffJson(const store::SignOffRow &row);
json::Object observationJson(const Observation &observation);
json::Object outcomeJson(const services::ImportOutcome &outcome);
std::string roleList(const std::vector<Role> &roles);

/// Rows that pass --filter, as a table or as JSON, at most --limit of them.
class Listing
{
public:
    Listing(Context &context, std::string what, std::vector<Columns::Heading> headings);
    /// Where SQL has filtered, and counted, already.
    void setFiltered(std::size_t total);
    void add(std::vector<std::string> cells, json::Object item);
    /// `empty` is the sentence for an empty list, without a filter.
    Result<ExitCode> finish(const std::string &empty);

private:
    Context &m_context;
    std::string m_what;
    Columns m_columns;
    json::Array m_items;
    std::string m_filter; ///< search key; empty when SQL filtered
    std::string m_shownFilter;
    std::size_t m_total = 0;
    std::size_t m_shown = 0;
    std::size_t m_limit = 0;
    bool m_isCounted = false;
};

/// The model that --model names, and the version of --version where there is one. NotFound.
Result<services::Subject> subjectNamed(Context &context);
/// What belongs to that version, or to the model where none is named: list(session, id) of either.
template<class List>
auto listOfSubject(Context &context, const List &list) -> decltype(list(std::declval<services::Session &>(), ModelId()))
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto subject = subjectNamed(context);
    if (!subject)
        return subject.error();
    return subject->version ? list(**session, subject->version->id) : list(**session, subject->model.id);
}
/// --limit; a large number where there is none. Invalid.
Result<std::size_t> limitOf(Context &context);

} // namespace countersign::cli
