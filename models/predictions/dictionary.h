#pragma once

#include "models/base/result.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::predictions {

/// "2" of "2.0" or "2.000"; any other text as it is, "02.0" and "2.5" too.
std::string_view wholeText(std::string_view text);

/// Texts as small numbers. Code 0 is "missing". One thread at a time: every thread of a reader has its own, merged at the end.
class Dictionary
{
public:
    static constexpr std::uint32_t kMissing = 0;
    // Not codes, but why there is none:
    static constexpr std::uint32_t kNotText = 0xFFFF'FFFF;  ///< not UTF-8, or a NUL in it
    static constexpr std::uint32_t kTooLong = 0xFFFF'FFFE;  ///< longer than kMaxLength
    static constexpr std::uint32_t kTooMany = 0xFFFF'FFFD;  ///< kMaxTexts different values are there already
    static constexpr std::uint32_t kUnknown = 0xFFFF'FFFC;  ///< a closed dictionary does not have it
    static constexpr std::uint32_t kFirstReason = kUnknown;
    static constexpr std::size_t kMaxLength = 1024;
    static constexpr std::size_t kMaxTexts = 1U << 20;

    /// What a text gets that was never seen.
    enum class Unseen : std::uint8_t {
        New,    ///< a code of its own
        Refuse, ///< kUnknown
        Rest,   ///< the code given to setRest()
    };

    explicit Dictionary(const std::vector<std::string> &missing, Unseen unseen = Unseen::New);

    /// A text known beforehand; several may share a code. With `matchNumbers` "1.0" and "1e0" are found by "1".
    void preset(std::string_view text, std::uint32_t code, bool matchNumbers = false);
    /// Whole numbers written with a fraction are the same text as without: "2.0" gets the code of "2".
    void joinWholeNumbers() { m_isJoiningWhole = true; }
    /// What Unseen::Rest gives, and its name.
    void setRest(std::uint32_t code, std::string_view name);

    /// The text's code, or one of the reasons.
    std::uint32_t codeOf(std::string_view text)
    {
        const std::uint64_t head = headOf(text);
        for (std::size_t at = hashOf(head, text) & m_mask;; at = (at + 1) & m_mask) {
            const Slot &slot = m_slots[at];
            if (slot.length == text.size() && slot.head == head && (text.size() <= 8 || isSpelling(slot, text)))
                return slot.code;
            if (slot.length == kFree)
                return addUnseen(text);
        }
    }

    /// By code; [0] is empty.
    const std::vector<std::string> &texts() const { return m_texts; }

private:
    static constexpr std::uint32_t kFree = 0xFFFF'FFFF;
    struct Slot {
        std::uint64_t head = 0;
        std::uint32_t length = kFree;
        std::uint32_t code = 0;
        std::uint32_t spelling = 0; ///< an index and no pointer: dictionaries are copied, one for each thread
    };

    /// Up to eight bytes as one number; together with the length they determine a text of up to eight bytes.
    static std::uint64_t headOf(std::string_view text)
    {
        const char *p = text.data();
        const std::size_t n = text.size();
        if (n >= 8) {
            std::uint64_t word;
            std::memcpy(&word, p, 8);
            return word;
        }
        if (n >= 4) {
            std::uint32_t first;
            std::uint32_t last;
            std::memcpy(&first, p, 4);
            std::memcpy(&last, p + n - 4, 4);
            return first | (static_cast<std::uint64_t>(last) << 32);
        }
        if (n == 0)
            return 0;
        const auto byte = [p](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(p[i])); };
        return byte(0) | (byte(n / 2) << 8) | (byte(n - 1) << 16);
    }
    static std::uint64_t hashOf(std::uint64_t head, std::string_view text)
    {
        std::uint64_t hash = (head ^ (text.size() << 56)) * 0x9e3779b97f4a7c15ULL;
        if (text.size() > 8) {
            for (std::size_t i = 8; i < text.size(); i += 8) {
                const std::size_t from = std::min(i, text.size() - 8);
                std::uint64_t word;
                std::memcpy(&word, text.data() + from, 8);
                hash = (hash ^ (hash >> 29) ^ word) * 0xbf58476d1ce4e5b9ULL;
            }
        }
        return hash >> 32;
    }
    bool isSpelling(const Slot &slot, std::string_view text) const { return m_spellings[slot.spelling] == text; }
    std::uint32_t addUnseen(std::string_view text);
    void insert(std::string_view text, std::uint32_t code);
    void grow();

    std::vector<Slot> m_slots;
    std::size_t m_mask;
    std::size_t m_used = 0;
    std::vector<std::string> m_spellings;
    std::vector<std::string> m_texts{std::string()};
    std::vector<std::pair<double, std::uint32_t>> m_numbers; ///< presets that match as numbers
    Unseen m_unseen;
    bool m_isJoiningWhole = false;
    std::uint32_t m_rest = kUnknown;
};

} // namespace countersign::predictions
