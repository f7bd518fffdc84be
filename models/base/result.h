#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace countersign {

/// What kind of trouble it is; decides exit codes and what a person can do about it.
enum class ErrorKind {
    NotFound,    ///< the thing asked for does not exist
    Invalid,     ///< the input breaks a rule; the message says which, where, and what to do
    Conflict,    ///< somebody else changed it meanwhile; read again and decide anew
    Denied,      ///< the role, the key or the passphrase does not allow it
    Tampered,    ///< bytes, signature or tree do not fit together
    Io,          ///< disk, network, database or keychain did not do its part
    Cancelled,   ///< a person stopped it; nothing was changed
    Unsupported, ///< a newer format or a missing component
};

/// A failure as a value. `message` is one English sentence for a person; `where` narrows it down ("row 12, column value").
struct Error {
    ErrorKind kind = ErrorKind::Invalid;
    std::string message;
    std::string where;
    std::string hint = {}; ///< a code for what helps ("device.enrol"); the front end says it in its own words, or does it

    /// The same failure with an outer place put before the inner one: in("row 12").in("metrics.csv") → "metrics.csv: row 12".
    Error in(const std::string &context) const
    {
        Error outer = *this;
        outer.where = where.empty() ? context : context + ": " + where;
        return outer;
    }
    /// "metrics.csv: row 12: The value is not a number."
    std::string text() const { return where.empty() ? message : where + ": " + message; }

    bool operator==(const Error &) const = default;
};

/// Either a value or an Error. g++ 12 has no <expected>; this is the part of it that we use.
template<class T>
class [[nodiscard]] Result
{
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const { return m_state.index() == 0; }
    bool ok() const { return m_state.index() == 0; }
    const T &value() const & { return std::get<0>(m_state); }
    T &value() & { return std::get<0>(m_state); }
    T &&value() && { return std::get<0>(std::move(m_state)); }
    const T &operator*() const & { return value(); }
    T &operator*() & { return value(); }
    T &&operator*() && { return std::get<0>(std::move(m_state)); }
    const T *operator->() const { return &value(); }
    T *operator->() { return &value(); }
    const Error &error() const { return std::get<1>(m_state); }

private:
    std::variant<T, Error> m_state;
};

/// Success without a value.
template<>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    explicit operator bool() const { return !m_error; }
    bool ok() const { return !m_error; }
    const Error &error() const { return *m_error; }

private:
    std::optional<Error> m_error;
};

using Status = Result<void>;

} // namespace countersign
