#include "models/predictions/mapping/bands.h"

#include "models/base/number.h"

namespace countersign::predictions {

namespace {

constexpr std::size_t kMaxEdges = 100;

/// 100000, not 1e+05: these are names.
std::string edgeText(double edge, bool isWhole)
{
    return isWhole ? std::to_string(static_cast<std::int64_t>(edge)) : number::shortest(edge);
}

} // namespace

Result<Bands> Bands::make(std::vector<double> edges)
{
    if (edges.empty() || edges.size() > kMaxEdges)
        return Error{ErrorKind::Invalid, "Bands need 1 to 100 edges, for example 25,45,65.", {}};
    for (std::size_t i = 0; i < edges.size(); ++i) {
        if (!std::isfinite(edges[i]))
            return Error{ErrorKind::Invalid, "A band's edge has to be a finite number.", {}};
        if (i > 0 && edges[i] <= edges[i - 1])
            return Error{ErrorKind::Invalid, "A band's edges have to ascend: " + number::shortest(edges[i]) + " comes after "
                                                 + number::shortest(edges[i - 1]) + ".", {}};
    }
    Bands bands;
    bands.m_edges = std::move(edges);
    return bands;
}

Result<std::pair<std::string, Bands>> Bands::parse(std::string_view text)
{
    const std::size_t equals = text.rfind('=');
    if (equals == std::string_view::npos || equals == 0)
        return Error{ErrorKind::Invalid, "\"" + std::string(text.substr(0, 60)) + "\" does not say bands. Write COLUMN=EDGE,EDGE, for example age=25,45,65.", {}};
    std::vector<double> edges;
    std::string_view rest = text.substr(equals + 1);
    for (;;) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        const auto edge = number::parse(rest.substr(0, comma));
        if (!edge)
            return edge.error().in("bands of " + std::string(text.substr(0, equals)));
        edges.push_back(*edge);
        if (comma == rest.size())
            break;
        rest.remove_prefix(comma + 1);
    }
    auto bands = make(std::move(edges));
    if (!bands)
        return bands.error().in("bands of " + std::string(text.substr(0, equals)));
    return std::pair(std::string(text.substr(0, equals)), *std::move(bands));
}

std::vector<std::string> Bands::names() const
{
    const bool isWhole = std::ranges::all_of(m_edges, [](double edge) { return edge == std::floor(edge) && std::fabs(edge) < 1e15; });
    std::vector<std::string> names;
    names.push_back("<" + edgeText(m_edges.front(), isWhole));
    for (std::size_t i = 1; i < m_edges.size(); ++i) {
        const std::string from = edgeText(m_edges[i - 1], isWhole);
        if (!isWhole)
            names.push_back(from + "-<" + edgeText(m_edges[i], false));
        else if (m_edges[i] - m_edges[i - 1] == 1)
            names.push_back(from);
        else
            names.push_back(from + "-" + edgeText(m_edges[i] - 1, true));
    }
    names.push_back(edgeText(m_edges.back(), isWhole) + "+");
    return names;
}

} // namespace countersign::predictions
