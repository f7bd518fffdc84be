#pragma once

#include "models/base/json.h"
#include "models/base/time.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace countersign::json {

/// Members of an object of restricted JSON, with text unescaped. A missing or wrong member is remembered; ask failure() once at the end.
/// Building and reading stand side by side here, so that they agree.
class MemberReader
{
public:
    explicit MemberReader(const Object &object) : m_object(object) {}
    std::string text(std::string_view key) const;               ///< required
    std::string textOr(std::string_view key) const;             ///< empty when absent
    std::int64_t integer(std::string_view key) const;           ///< required
    std::optional<std::int64_t> integerOrNone(std::string_view key) const;
    bool flag(std::string_view key) const;                      ///< false when absent
    double real(std::string_view key) const;                    ///< required, as measured()
    std::optional<double> realOrNone(std::string_view key) const;
    std::optional<Instant> timeOrNone(std::string_view key) const;
    Instant time(std::string_view key) const;                   ///< required
    std::vector<std::string> texts(std::string_view key) const; ///< an array of texts; empty when absent
    std::vector<std::pair<std::string, std::string>> pairs(std::string_view key) const; ///< an array of [key, value]
    const Value *find(std::string_view key) const { return m_object.find(key); }
    const std::optional<Error> &failure() const { return m_failure; }

private:
    void fail(std::string_view key, const char *what) const;
    const Object &m_object;
    mutable std::optional<Error> m_failure;
};

/// What a text says, unescaped; nothing where there is none, or it is escaped otherwise than textValue() does.
std::optional<std::string> plainText(const Value *value);
Value textValue(std::string_view plain); ///< escaped
Value textArray(const std::vector<std::string> &plain);
Value pairArray(const std::vector<std::pair<std::string, std::string>> &plain);
Value timeValue(Instant t);

/// A measured number as signed documents hold it: {"f":"3fed374bc6a7ef9e","t":"0.913"}: text as written and IEEE 754 bits.
/// A lexeme that is not the text of that very number is replaced by the shortest text.
Value measured(double value, const std::string &lexeme = {});
/// Tampered when text and bits are not the same number.
Result<double> readMeasured(const Value &value);

} // namespace countersign::json
