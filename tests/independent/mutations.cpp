#include "tests/independent/mutations.h"

#include "models/base/json.h"
#include "models/ledger/bigendian.h"
#include "models/ledger/entry.h"
#include "models/ledger/ledgerfile.h"

#include <QtCore/QByteArray>

#include <algorithm>
#include <array>

namespace countersign::ledger {

namespace {

const std::string kUuid = "00000000-0000-4000-8000-000000000000";

/// Values that mean something somewhere, or nearly do.
json::Value oddValue(Lot &lot)
{
    static const std::vector<json::Value> values{nullptr,
                                                 true,
                                                 false,
                                                 0,
                                                 1,
                                                 -1,
                                                 60,
                                                 61,
                                                 std::int64_t(9007199254740991),
                                                 std::int64_t(9007199254740992),
                                                 json::Number{"1.0"},
                                                 json::Number{"-0"},
                                                 json::Number{"1e3"},
                                                 "",
                                                 "x",
                                                 "none",
                                                 "device",
                                                 "person",
                                                 "administrator",
                                                 "validator",
                                                 "l:genesis",
                                                 "p:admin",
                                                 "p:1",
                                                 "p:",
                                                 "d:1",
                                                 "d:2",
                                                 "k:1",
                                                 kUuid,
                                                 "e:" + kUuid,
                                                 "e:",
                                                 "key.enroll",
                                                 "key.propose",
                                                 "key.rotate",
                                                 "key.revoke",
                                                 "key.confirm",
                                                 "person.add",
                                                 "person.roles",
                                                 "policy.signing",
                                                 "policy.set",
                                                 "ledger.genesis",
                                                 "model.vanish",
                                                 "model",
                                                 "review.signoff",
                                                 "report.issue",
                                                 "security.x",
                                                 "series",
                                                 "each-signature",
                                                 "2026-02-29T00:00:00.000Z",
                                                 "2024-02-29T23:59:59.999Z",
                                                 "2026-11-24T24:00:00.000Z",
                                                 "2026-11-24T23:59:60.000Z",
                                                 "0000-01-01T00:00:00.000Z",
                                                 "0001-01-01T00:00:00.000Z",
                                                 "9999-12-31T23:59:59.999Z",
                                                 "2026-11-24T00:00:00Z",
                                                 "-00:00",
                                                 "+00:00",
                                                 "+23:59",
                                                 "+24:00",
                                                 "-14:60",
                                                 toBase64(Bytes(32, '\0')),
                                                 toBase64(Bytes(64, '\0')),
                                                 toBase64(Bytes(33, '\1')),
                                                 "sha256:" + std::string(64, '0'),
                                                 "sha256:" + std::string(63, '0'),
                                                 std::string(400, 'p'),
                                                 json::Array{},
                                                 json::Array{"administrator"},
                                                 json::Object{},
                                                 json::Object{{"a", 1}},
                                                 "countersign.proof/1",
                                                 "countersign.proof/2",
                                                 "countersign.proof/3",
                                                 "caf\u00e9",
                                                 "cafe\u0301",
                                                 "a\u200bb",
                                                 "\u202e",
                                                 "\x7f",
                                                 "\xff",
                                                 "\xed\xa0\x80",
                                                 "\"",
                                                 "\\",
                                                 "a\\\\b",
                                                 "\n"};
    return values[lot.below(values.size())];
}

void collect(json::Value &value, std::vector<json::Value *> &nodes)
{
    nodes.push_back(&value);
    if (json::Array *array = value.array())
        for (json::Value &element : *array)
            collect(element, nodes);
    if (json::Object *object = value.object())
        for (const json::Member &member : object->members())
            collect(const_cast<json::Value &>(member.second), nodes); // the document is ours
}

void editArray(json::Array &array, Lot &lot)
{
    if (array.empty()) {
        array.push_back(oddValue(lot));
        return;
    }
    const std::size_t at = lot.below(array.size());
    const std::size_t other = lot.below(array.size());
    const auto place = array.begin() + static_cast<std::ptrdiff_t>(at);
    switch (lot.below(3)) {
    case 0:
        array.erase(place);
        break;
    case 1:
        array.insert(place, json::Value(array[other]));
        break;
    default:
        std::swap(array[at], array[other]);
    }
}

void editObject(json::Object &object, Lot &lot)
{
    json::Object edited;
    const std::size_t at = object.isEmpty() ? 0 : lot.below(object.size());
    const std::size_t what = lot.below(4);
    for (std::size_t i = 0; i < object.size(); ++i) {
        const json::Member &member = object.members()[i];
        if (i != at || what == 3)
            edited.set(member.first, member.second);
        else if (what == 1)
            edited.set(member.first + (lot.below(2) == 0 ? "" : "z"), oddValue(lot));
        else if (what == 2)
            edited.set(object.members()[lot.below(object.size())].first, member.second);
    }
    if (what == 3)
        edited.set(std::array<const char *, 5>{"zz", "earlier", "seriesMinutes", "evidence", "expects"}[lot.below(5)],
                   oddValue(lot));
    object = std::move(edited);
}

std::string editedText(const std::string &text, Lot &lot)
{
    if (auto raw = fromBase64(text); raw && raw->size() >= 4 && lot.below(4) != 0) {
        char &byte = (*raw)[lot.below(raw->size())];
        byte = static_cast<char>(byte ^ 1 << lot.below(8));
        return toBase64(*raw);
    }
    std::string edited = text;
    const std::size_t at = lot.below(text.size() + 1);
    const char digit = "0123456789abcdef-:.pkdle="[lot.below(25)];
    switch (lot.below(4)) {
    case 0:
        edited.insert(at, 1, digit);
        break;
    case 1:
        edited.erase(std::min(at, text.size() - (text.empty() ? 0 : 1)), 1);
        break;
    case 2:
        edited.insert(at, std::array<const char *, 6>{"\u200b", "e\u0301", "\u00e9", "\"", "\\", "\x01"}[lot.below(6)]);
        break;
    default:
        if (at < edited.size())
            edited[at] = digit;
    }
    return edited;
}

void editOne(json::Value &document, Lot &lot)
{
    std::vector<json::Value *> nodes;
    collect(document, nodes);
    json::Value &node = *nodes[lot.below(nodes.size())];
    const std::size_t what = lot.below(8);
    if (what == 0) {
        node = oddValue(lot);
    } else if (what == 1) {
        json::Value copy = *nodes[lot.below(nodes.size())];
        node = std::move(copy);
    } else if (what == 2) {
        for (std::size_t depth = 1 + lot.below(16); depth > 0; --depth) {
            json::Array around;
            around.push_back(std::move(node));
            node = std::move(around);
        }
    } else if (json::Array *array = node.array()) {
        editArray(*array, lot);
    } else if (json::Object *object = node.object()) {
        editObject(*object, lot);
    } else if (const std::string *text = node.string()) {
        node = editedText(*text, lot);
    } else if (const auto number = node.integer()) {
        node = *number + (lot.below(2) == 0 ? 1 : -1);
    } else {
        node = oddValue(lot);
    }
}

/// As it stands, without any rule: what is odd must stay odd.
void write(const json::Value &value, std::string &out)
{
    if (const std::string *text = value.string()) {
        out += '"';
        for (const char c : *text) {
            if (c == '"' || c == '\\')
                out += '\\';
            out += c;
        }
        out += '"';
    } else if (const json::Array *array = value.array()) {
        out += '[';
        for (std::size_t i = 0; i < array->size(); ++i) {
            out += i == 0 ? "" : ",";
            write((*array)[i], out);
        }
        out += ']';
    } else if (const json::Object *object = value.object()) {
        out += '{';
        for (std::size_t i = 0; i < object->size(); ++i) {
            out += i == 0 ? "" : ",";
            write(object->members()[i].first, out);
            out += ':';
            write(object->members()[i].second, out);
        }
        out += '}';
    } else if (const json::Number *number = value.number()) {
        out += number->lexeme;
    } else {
        out += value.isNull() ? "null" : *value.boolean() ? "true" : "false";
    }
}

/// Little-endian addition of the group's order to S: another spelling of the same signature, which is none.
void respell(crypto::Signature &signature)
{
    static constexpr std::array<unsigned char, 32> order{
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
        0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    unsigned carry = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        auto &byte = signature.bytes[32 + i];
        carry += static_cast<unsigned>(static_cast<unsigned char>(byte)) + order[i];
        byte = static_cast<std::remove_reference_t<decltype(byte)>>(carry & 0xffU);
        carry >>= 8;
    }
}

Bytes editedEntry(BytesView bytes, Lot &lot)
{
    auto entry = decodeEntry(bytes);
    if (!entry || lot.below(4) == 0)
        return damaged(bytes, lot);
    auto &signatures = entry->signatures;
    const std::size_t at = lot.below(signatures.size());
    switch (lot.below(6)) {
    case 0:
        signatures.erase(signatures.begin() + static_cast<std::ptrdiff_t>(at));
        break;
    case 1:
        signatures.push_back(signatures[at]);
        break;
    case 2:
        std::swap(signatures.front(), signatures.back());
        break;
    case 3:
        signatures[at].key.bytes[lot.below(32)] ^= 1;
        break;
    case 4:
        respell(signatures[at].signature);
        break;
    default:
        signatures[at].signature.bytes[lot.below(64)] ^= 1;
    }
    return encodeEntry(*entry);
}

} // namespace

Bytes editedJson(BytesView text, Lot &lot)
{
    auto document = json::parse(text, {.depth = 64, .bytes = std::size_t(1) << 30, .members = 100'000'000});
    if (!document)
        return damaged(text, lot);
    for (std::size_t edits = 1 + lot.below(3); edits > 0; --edits)
        editOne(*document, lot);
    std::string out;
    write(*document, out);
    if (lot.below(20) == 0) {
        const std::string_view spaces = " \n\t,";
        out.insert(lot.below(out.size() + 1), 1, spaces[lot.below(spaces.size())]);
    }
    return out;
}

Bytes editedLedgerFile(BytesView file, Lot &lot)
{
    std::vector<std::pair<char, Bytes>> parts;
    for (std::size_t at = kLedgerFileBeginning.size(); at + 9 <= file.size();) {
        const auto size = static_cast<std::size_t>(fromBigEndian(file.substr(at + 1, 8)));
        parts.emplace_back(file[at], Bytes(file.substr(at + 9, size)));
        at += 9 + size;
    }
    for (std::size_t edits = 1 + lot.below(2); edits > 0 && parts.size() > 1; --edits) {
        const std::size_t at = lot.below(parts.size() - 1);
        const std::size_t other = lot.below(parts.size() - 1);
        const auto place = parts.begin() + static_cast<std::ptrdiff_t>(at);
        switch (lot.below(8)) {
        case 0:
            parts.erase(place);
            break;
        case 1:
            parts.insert(place, std::pair(parts[other]));
            break;
        case 2:
            std::swap(parts[at], parts[other]);
            break;
        case 3:
            parts[at].first = "VECZX"[lot.below(5)];
            break;
        case 4:
            parts[at].second = parts[other].second;
            break;
        default:
            parts[at].second =
                parts[at].first == 'E' ? editedEntry(parts[at].second, lot) : damaged(parts[at].second, lot);
        }
    }
    if (lot.below(5) != 0) {
        const auto count = [&parts](char letter) {
            return bigEndian(
                static_cast<std::uint64_t>(std::ranges::count(parts, letter, &std::pair<char, Bytes>::first)), 8);
        };
        parts.back() = {'Z', count('V') + count('E') + count('C')};
    }
    Bytes out(kLedgerFileBeginning);
    for (const auto &[letter, bytes] : parts)
        out += Bytes(1, letter) + bigEndian(bytes.size(), 8) + bytes;
    return out;
}

Bytes damaged(BytesView view, Lot &lot)
{
    Bytes bytes(view);
    if (bytes.empty())
        return "x";
    const std::size_t at = lot.below(bytes.size());
    switch (lot.below(6)) {
    case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ 1 << lot.below(8));
        break;
    case 1:
        bytes.erase(at, 1 + lot.below(4));
        break;
    case 2:
        bytes.insert(at, 1, "{}[]\",:0 \n\\x"[lot.below(12)]);
        break;
    case 3:
        bytes[at] = "0123456789abcdefAZ+/="[lot.below(21)];
        break;
    case 4:
        bytes.resize(at);
        break;
    default:
        bytes.insert(at, bytes.substr(lot.below(bytes.size()), lot.below(40)));
    }
    return bytes;
}

Bytes pdfWith(BytesView bundle, BytesView facts, Lot &lot)
{
    Bytes pdf = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
    int number = 1;
    const auto object = [&](int which, const Bytes &text) {
        pdf += std::to_string(which) + " 0 obj\n" + text + "\nendobj\n";
    };
    const auto attach = [&](const std::string &name, BytesView bytes) {
        const int specification = number++;
        const int stream = number++;
        const int length = number++;
        Bytes utf16("\xfe\xff", 2);
        for (const char c : name)
            utf16 += Bytes(1, '\0') + c;
        const Bytes spelled = lot.below(3) == 0   ? "<" + toHex(utf16) + ">"
                              : lot.below(2) == 0 ? "(" + utf16 + ")"
                                                  : "(" + name + ")";
        const bool isPacked = lot.below(2) == 0;
        const QByteArray packed =
            qCompress(reinterpret_cast<const uchar *>(bytes.data()), qsizetype(bytes.size())).mid(4);
        const Bytes data = isPacked ? packed.toStdString() : Bytes(bytes);
        const bool isElsewhere = lot.below(3) == 0;
        const auto streamObject = [&](int which) {
            const Bytes size = isElsewhere ? std::to_string(length) + " 0 R"
                                           : std::to_string(data.size() + (lot.below(40) == 0 ? 1 : 0));
            const Bytes filter = !isPacked            ? Bytes()
                                 : lot.below(20) == 0 ? "/Filter /LZWDecode "
                                 : lot.below(2) == 0  ? "/Filter [ /FlateDecode ] "
                                                      : "/Filter/FlateDecode ";
            object(which, "<< /Type /EmbeddedFile " + filter + "/Length " + size + " >>\nstream" +
                              (lot.below(2) == 0 ? "\r\n" : "\n") + data + "\nendstream");
        };
        if (lot.below(2) == 0)
            streamObject(stream);
        object(specification, "<< /Type /Filespec /UF " + spelled + " /EF << /" + (lot.below(2) == 0 ? "U" : "") +
                                  "F " + std::to_string(stream) + " 0 R >> >>");
        streamObject(stream); // again, as after an update
        if (isElsewhere)
            object(length, std::to_string(data.size()));
    };
    attach("other.txt", "something else");
    attach(lot.below(20) == 0 ? "bundle.countersig" : "bundle.countersign", bundle);
    if (!facts.empty())
        attach("facts.json", facts);
    if (lot.below(20) == 0)
        attach("bundle.countersign", bundle);
    pdf += "trailer << /Root 1 0 R >>\n%%EOF\n";
    return lot.below(4) == 0 ? damaged(pdf, lot) : pdf;
}

} // namespace countersign::ledger
