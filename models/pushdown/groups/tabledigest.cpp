#include "models/pushdown/groups/tabledigest.h"

#include "models/crypto/sha256.h"

#include <bit>

namespace countersign::pushdown {

namespace {

/// Numbers as eight bytes, lowest first; texts with their length in front. Nothing reads two ways.
class Writer
{
public:
    void number(std::uint64_t value)
    {
        for (int i = 0; i < 8; ++i)
            m_buffer += static_cast<char>(value >> (8 * i));
        if (m_buffer.size() > kBlock)
            flush();
    }
    void real(double value) { number(std::bit_cast<std::uint64_t>(value)); }
    void text(std::string_view value)
    {
        number(value.size());
        m_buffer += value;
    }
    Digest finish()
    {
        flush();
        return m_hash.finish();
    }

private:
    static constexpr std::size_t kBlock = 1U << 16U;
    void flush()
    {
        m_hash.add(m_buffer);
        m_buffer.clear();
    }
    std::string m_buffer;
    crypto::Sha256 m_hash;
};

void writeLeaves(Writer &writer, const scoretables::Table &table)
{
    writer.number(table.attributes().size());
    for (const auto &attribute : table.attributes())
        writer.text(attribute.name);
    writer.number(table.leaves().size());
    for (std::size_t leaf = 0; leaf < table.leaves().size(); ++leaf) {
        const auto &own = table.leaves()[leaf];
        writer.number(own.hasTime ? 1 : 0);
        writer.number(static_cast<std::uint64_t>(own.unit));
        for (std::size_t a = 0; a < own.codes.size(); ++a) {
            writer.number(own.codes[a] == 0 ? 0 : 1); // a value may be written like a missing one
            writer.text(table.attributes()[a].values[own.codes[a]]);
        }
        const auto &out = table.sums()[leaf].leftOut;
        for (const std::uint64_t rows : {out.noLabel, out.noScore, out.notFinite, out.noPrediction, out.noWeight})
            writer.number(rows);
    }
}

void writeEntries(Writer &writer, const scoretables::Table &table)
{
    const auto weightOf = [&](std::size_t i) { return table.weights().empty() ? 1.0 : table.weights()[i]; };
    const bool isSummed = !table.weights().empty() && !table.counts().empty(); // an entry is several weights
    std::uint64_t different = 0;
    for (std::size_t i = 0; i < table.size();) {
        const double score = table.scores()[i];
        const std::uint32_t code = table.codes()[i];
        const double weight = weightOf(i);
        std::uint64_t rows = 0;
        writer.real(score);
        writer.number(code);
        writer.real(weight);
        if (isSummed) {
            writer.real(table.squaresOf(i));
            rows = table.rowsOf(i++);
        }
        for (; !isSummed && i < table.size() && table.scores()[i] == score && table.codes()[i] == code && weightOf(i) == weight; ++i)
            rows += table.rowsOf(i);
        writer.number(rows);
        ++different;
    }
    writer.number(different);
}

} // namespace

Digest tableDigest(const scoretables::Table &table, const predictions::Rejects &rejects)
{
    Writer writer;
    writer.text("countersign-grouped-1");
    writer.text(scoretables::windowSpecText({table.unit(), 1}));
    for (const bool flag : {table.hasScores(), table.hasLabels(), table.hasPredictions(), table.decidedAt().has_value()})
        writer.number(flag ? 1 : 0);
    writer.real(table.scoreStep());
    writer.real(table.decidedAt().value_or(0));
    writeLeaves(writer, table);
    writeEntries(writer, table);
    writer.number(rejects.counts.size());
    for (const auto &count : rejects.counts) {
        writer.text(count.column);
        writer.text(problemKey(count.problem));
        writer.number(count.rows);
    }
    return writer.finish();
}

} // namespace countersign::pushdown
