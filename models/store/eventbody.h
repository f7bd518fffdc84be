#pragma once

#include "models/ledger/event.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::store {

/// Members of event bodies, with text unescaped. A missing or wrong member is remembered; ask failure() once at the end.
/// Building and reading of bodies stand side by side here, so that they agree.
class BodyReader
{
public:
    explicit BodyReader(const json::Object &body) : m_body(body) {}
    std::string text(std::string_view key) const;               ///< required
    std::string textOr(std::string_view key) const;             ///< empty when absent
    std::int64_t integer(std::string_view key) const;           ///< required
    std::optional<std::int64_t> integerOrNone(std::string_view key) const;
    bool flag(std::string_view key) const;                      ///< false when absent
    double real(std::string_view key) const;                    ///< required, as ledger::measured
    std::optional<double> realOrNone(std::string_view key) const;
    std::optional<Instant> timeOrNone(std::string_view key) const;
    Instant time(std::string_view key) const;                   ///< required
    std::vector<std::string> texts(std::string_view key) const; ///< an array of texts; empty when absent
    std::vector<std::pair<std::string, std::string>> pairs(std::string_view key) const; ///< an array of [key, value]
    const json::Value *find(std::string_view key) const { return m_body.find(key); }
    const std::optional<Error> &failure() const { return m_failure; }

private:
    void fail(std::string_view key, const char *what) const;
    const json::Object &m_body;
    mutable std::optional<Error> m_failure;
};

/// One field that an event changed.
struct FieldChange {
    std::string field;
    std::optional<std::string> before;
    std::optional<std::string> after;
    bool operator==(const FieldChange &) const = default;
};

json::Value textValue(std::string_view plain); ///< escaped
json::Value textArray(const std::vector<std::string> &plain);
json::Value pairArray(const std::vector<std::pair<std::string, std::string>> &plain);
json::Value changeArray(const std::vector<FieldChange> &changes);
json::Value timeValue(Instant t);
std::vector<FieldChange> readChanges(const BodyReader &body); ///< member "changes"

} // namespace countersign::store
