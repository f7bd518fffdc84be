#include "models/predictions/dictionary.h"

#include "models/base/text.h"
#include "models/predictions/formats/numbers.h"

#include <algorithm>

namespace countersign::predictions {

namespace {

constexpr std::size_t kFirstSize = 256;
/// Spellings of what has no code of its own (numbers written in other ways, values refused) are remembered up to here; those that
/// come later are looked at anew each time.
constexpr std::size_t kMaxRemembered = 4096;

} // namespace

std::string_view wholeText(std::string_view text)
{
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos || point + 1 == text.size() || text.find_first_not_of('0', point + 1) != std::string_view::npos)
        return text;
    const std::string_view whole = text.substr(0, point);
    const std::string_view digits = whole.starts_with('-') ? whole.substr(1) : whole;
    const bool isPlain = !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos && (digits == "0" || digits[0] != '0');
    return isPlain ? whole : text;
}

Dictionary::Dictionary(const std::vector<std::string> &missing, Unseen unseen)
    : m_slots(kFirstSize), m_mask(kFirstSize - 1), m_unseen(unseen)
{
    for (const auto &text : missing)
        insert(text, kMissing);
    if (std::ranges::find(missing, std::string()) == missing.end())
        insert("", kMissing);
}

void Dictionary::preset(std::string_view text, std::uint32_t code, bool matchNumbers)
{
    insert(text, code);
    double value = 0;
    if (matchNumbers && parseNumber(text, '.', value))
        m_numbers.emplace_back(value, code);
    if (m_texts.size() <= code)
        m_texts.resize(code + 1);
    if (m_texts[code].empty())
        m_texts[code] = text;
}

void Dictionary::setRest(std::uint32_t code, std::string_view name)
{
    m_rest = code;
    if (m_texts.size() <= code)
        m_texts.resize(code + 1);
    m_texts[code] = name;
}

std::uint32_t Dictionary::addUnseen(std::string_view text)
{
    if (text.size() > kMaxLength)
        return kTooLong;
    std::uint32_t code = m_unseen == Unseen::Rest ? m_rest : kUnknown;
    bool isNew = false;
    double value = 0;
    if (!m_numbers.empty() && parseNumber(text, '.', value))
        for (const auto &[number, itsCode] : m_numbers)
            if (number == value)
                code = itsCode;
    if (!text::isUtf8(text) || text.find('\0') != std::string_view::npos)
        code = kNotText;
    else if (m_unseen == Unseen::New && m_texts.size() > kMaxTexts)
        return kTooMany;
    else if (const std::string_view whole = m_isJoiningWhole ? wholeText(text) : text; whole.size() < text.size())
        code = codeOf(whole);
    else if (m_unseen == Unseen::New) {
        code = static_cast<std::uint32_t>(m_texts.size());
        m_texts.emplace_back(text);
        isNew = true;
    }
    if (isNew || m_used < kMaxRemembered)
        insert(text, code);
    return code;
}

void Dictionary::insert(std::string_view text, std::uint32_t code)
{
    if ((m_used + 1) * 2 > m_slots.size())
        grow();
    m_spellings.emplace_back(text);
    const std::uint64_t head = headOf(text);
    std::size_t at = hashOf(head, text) & m_mask;
    while (m_slots[at].length != kFree) {
        if (m_slots[at].length == text.size() && isSpelling(m_slots[at], text))
            break; // presets win over what came before
        at = (at + 1) & m_mask;
    }
    m_used += m_slots[at].length == kFree ? 1U : 0U;
    m_slots[at] = {head, static_cast<std::uint32_t>(text.size()), code, static_cast<std::uint32_t>(m_spellings.size() - 1)};
}

void Dictionary::grow()
{
    std::vector<Slot> old(m_slots.size() * 2);
    old.swap(m_slots);
    m_mask = m_slots.size() - 1;
    for (const Slot &slot : old) {
        if (slot.length == kFree)
            continue;
        std::size_t at = hashOf(slot.head, m_spellings[slot.spelling]) & m_mask;
        while (m_slots[at].length != kFree)
            at = (at + 1) & m_mask;
        m_slots[at] = slot;
    }
}

} // namespace countersign::predictions
