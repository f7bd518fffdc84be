#pragma once

#include "models/base/bytes.h"
#include "models/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Our own JSON: a strict reader (RFC 8259, no duplicate keys, UTF-8 without lone surrogates, limits on depth and size) for every
/// untrusted and every signed byte, and the canonical writer of RFC 8785. Numbers keep the text they were written with.
namespace countersign::json {

class Value;
struct Member;
using Array = std::vector<Value>;

/// A number as it was written. `lexeme` satisfies the JSON grammar.
struct Number {
    std::string lexeme;
    bool operator==(const Number &) const = default;
};

/// Members in the order written. Keys are unique.
class Object
{
public:
    Object();
    Object(std::initializer_list<Member> members);
    Object(const Object &);
    Object(Object &&) noexcept;
    Object &operator=(const Object &);
    Object &operator=(Object &&) noexcept;
    ~Object();
    /// Appends, or replaces the value of an existing key.
    Object &set(std::string key, Value value);
    /// nullptr when there is no such member.
    const Value *find(std::string_view key) const;
    bool contains(std::string_view key) const { return find(key); }
    const std::vector<Member> &members() const { return m_members; }
    bool isEmpty() const;
    std::size_t size() const;
    bool operator==(const Object &) const; ///< order matters

private:
    friend class Reader;
    std::vector<Member> m_members;
};

/// One JSON value. Copies are deep; moves are cheap.
class Value
{
public:
    Value() = default; ///< null
    Value(std::nullptr_t) {}
    Value(bool flag) : m_data(flag) {}
    Value(int number) : Value(static_cast<std::int64_t>(number)) {}
    Value(std::int64_t number);
    Value(std::uint64_t number);
    Value(Number number) : m_data(std::move(number)) {}
    Value(const char *text) : m_data(std::string(text)) {}
    Value(std::string_view text) : m_data(std::string(text)) {}
    Value(std::string text) : m_data(std::move(text)) {}
    Value(Array array);
    Value(Object object);

    bool isNull() const { return std::holds_alternative<std::monostate>(m_data); }
    const bool *boolean() const { return std::get_if<bool>(&m_data); }
    const Number *number() const { return std::get_if<Number>(&m_data); }
    const std::string *string() const { return std::get_if<std::string>(&m_data); }
    const Array *array() const { return std::get_if<Array>(&m_data); }
    const Object *object() const { return std::get_if<Object>(&m_data); }
    Object *object() { return std::get_if<Object>(&m_data); }
    Array *array() { return std::get_if<Array>(&m_data); }

    /// The number when it is an integer that fits; Invalid otherwise ("1.0" and "1e3" are not integers here).
    Result<std::int64_t> integer() const;
    /// The nearest binary64 of the number; Invalid when it is not a number or overflows.
    Result<double> real() const;

    // Typed members of an object; the error names the key. `Or` forms take a default only when the member is absent.
    Result<std::string> text(std::string_view key) const;
    Result<std::int64_t> integer(std::string_view key) const;
    std::string textOr(std::string_view key, std::string_view otherwise) const;
    std::int64_t integerOr(std::string_view key, std::int64_t otherwise) const;
    const Value *find(std::string_view key) const; ///< nullptr when absent or not an object

    bool operator==(const Value &) const = default;

private:
    std::variant<std::monostate, bool, Number, std::string, Array, Object> m_data;
};

struct Member {
    std::string first; ///< the key
    Value second;
    bool operator==(const Member &) const = default;
};

// What needs Member whole.
inline Object::Object() = default;
inline Object::Object(const Object &) = default;
inline Object::Object(Object &&) noexcept = default;
inline Object &Object::operator=(const Object &) = default;
inline Object &Object::operator=(Object &&) noexcept = default;
inline Object::~Object() = default;
inline Object::Object(std::initializer_list<Member> members) : m_members(members) {}
inline bool Object::isEmpty() const { return m_members.empty(); }
inline std::size_t Object::size() const { return m_members.size(); }
inline Value::Value(Array array) : m_data(std::move(array)) {}
inline Value::Value(Object object) : m_data(std::move(object)) {}

/// What the reader accepts. Defaults suit untrusted imports.
struct Limits {
    int depth = 64;
    std::size_t bytes = 64U << 20;
    std::size_t members = 1'000'000; ///< values in all, keys included
};

/// Reads one JSON text, nothing after it but white space. Invalid names line, column and path ("$.a[3].b").
Result<Value> parse(BytesView text, const Limits &limits = {});

/// RFC 8785: members sorted by UTF-16 code units, numbers as ECMAScript writes the nearest binary64, minimal string escapes.
/// Invalid for a number beyond binary64.
Result<Bytes> canonical(const Value &value);

/// The restricted form that events and attached facts are written in (models/ledger/FORMAT.md): canonical, and: integers only with
/// |n| ≤ 2^53−1, ASCII keys, NFC strings without control, bidirectional-format or zero-width characters, depth ≤ 16.
/// Invalid names the path of the first value that breaks a restriction.
Result<Bytes> writeRestricted(const Value &value, int maxDepth = 16);
/// Reads bytes that must be exactly what writeRestricted writes: re-canonicalised bytes must equal them.
Result<Value> readRestricted(BytesView bytes, std::size_t maxBytes = 256U << 10, int maxDepth = 16);

} // namespace countersign::json
