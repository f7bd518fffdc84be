#include "models/crypto/words.h"

#include <cctype>

namespace countersign::crypto {

namespace {

constexpr std::string_view kConsonants = "bdfghjklmnprstvz"; // four bits each
constexpr std::string_view kVowels = "aiou";                 // two bits each
constexpr int kLetters = 5;
constexpr std::size_t kFingerprintDigits = 32; // hexadecimal: eight words

struct Place {
    std::string_view letters;
    unsigned bits;
};
constexpr Place placeOf(int letter)
{
    return letter % 2 == 0 ? Place{kConsonants, 4} : Place{kVowels, 2};
}

Error notWords()
{
    return {ErrorKind::Invalid, "Those are not words of five letters as they were shown. Read them again.", {}};
}

Bytes fingerprintBytes(const KeyId &key)
{
    constexpr std::size_t kPrefix = 2; // "k:"
    const std::string &text = key.text();
    const auto bytes = fromHex(text.size() < kPrefix ? std::string() : text.substr(kPrefix, kFingerprintDigits));
    return bytes ? *bytes : Bytes();
}

} // namespace

std::string wordsOf(BytesView bytes)
{
    std::string words;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        const unsigned pair = static_cast<unsigned char>(bytes[i]) << 8U | static_cast<unsigned char>(bytes[i + 1]);
        if (i > 0)
            words.push_back(' ');
        unsigned left = 16;
        for (int letter = 0; letter < kLetters; ++letter) {
            const Place place = placeOf(letter);
            left -= place.bits;
            words.push_back(place.letters[(pair >> left) & ((1U << place.bits) - 1)]);
        }
    }
    return words;
}

Result<Bytes> bytesOfWords(std::string_view words)
{
    Bytes bytes;
    unsigned pair = 0;
    int letter = 0;
    for (const char c : words) {
        if (!std::isalpha(static_cast<unsigned char>(c))) {
            if (letter != 0 || std::isdigit(static_cast<unsigned char>(c)))
                return notWords();
            continue;
        }
        const Place place = placeOf(letter);
        const auto value = place.letters.find(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
        if (value == std::string_view::npos)
            return notWords();
        pair = pair << place.bits | static_cast<unsigned>(value);
        if (++letter < kLetters)
            continue;
        bytes.push_back(static_cast<char>(pair >> 8U & 0xFFU));
        bytes.push_back(static_cast<char>(pair & 0xFFU));
        pair = 0;
        letter = 0;
    }
    if (letter != 0)
        return notWords();
    return bytes;
}

std::string fingerprintWords(const KeyId &key)
{
    return wordsOf(fingerprintBytes(key));
}

bool areWordsOf(std::string_view words, const KeyId &key)
{
    const auto bytes = bytesOfWords(words);
    return bytes && !bytes->empty() && *bytes == fingerprintBytes(key);
}

} // namespace countersign::crypto
