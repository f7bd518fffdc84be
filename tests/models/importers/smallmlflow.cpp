#include "smallmlflow.h"

#include <algorithm>

namespace countersign::importers {

namespace {

json::Array listOf(const char *text) { return *json::parse(text).value().array(); }

} // namespace

json::Array SmallMlflow::smallModels()
{
    return listOf(R"([
        {"name":"a","creation_timestamp":100,"last_updated_timestamp":200,"description":"<b>x</b>","tags":[{"key":"z","value":"1"},{"key":"a"}],
         "aliases":[{"alias":"champion","version":"2"},{"alias":"all","version":"10"}]},
        {"name":"需要 & 100%","creation_timestamp":"101","last_updated_timestamp":201},
        {"name":"c","creation_timestamp":1,"last_updated_timestamp":2},
        {"name":"d","creation_timestamp":1,"last_updated_timestamp":2}])");
}

json::Array SmallMlflow::smallVersions()
{
    return listOf(R"([
        {"name":"a","version":"10","creation_timestamp":1,"last_updated_timestamp":2,"current_stage":"None","status":"READY","source":"s3://x"},
        {"name":"a","version":"2","creation_timestamp":1,"last_updated_timestamp":2,"current_stage":"Production","status":"READY","source":"m","run_id":"r1","user_id":"ada",
         "description":"d","tags":[{"key":"k","value":"v"}]},
        {"name":"d","version":"1","creation_timestamp":1,"last_updated_timestamp":2,"current_stage":"None","status":"READY"}])");
}

json::Array SmallMlflow::smallExperiments()
{
    return listOf(R"([{"experiment_id":"0","name":"Default"},{"experiment_id":"7","name":"Risk"}])");
}

json::Array SmallMlflow::smallRuns()
{
    return listOf(R"([
        {"info":{"run_id":"r1","run_name":"train","experiment_id":"0","status":"FINISHED","start_time":1000,"end_time":2000,"lifecycle_stage":"active","user_id":"ada","artifact_uri":"x"},
         "data":{"metrics":[{"key":"auc","value":0.5,"timestamp":1,"step":1},{"key":"psi/income & more","value":1}],"params":[{"key":"p","value":""}],"tags":[{"key":"t","value":"1"}]}},
        {"info":{"run_uuid":"r2","experiment_id":"7","status":"RUNNING","start_time":1000,"lifecycle_stage":"deleted"}}])");
}

json::Array SmallMlflow::smallPoints()
{
    return listOf(R"([
        {"key":"auc","value":0.75,"timestamp":20,"step":2},{"key":"auc","value":"NaN","timestamp":10,"step":1},{"key":"auc","value":0.5,"timestamp":10,"step":1},
        {"key":"auc","value":0.5,"timestamp":10,"step":1},{"key":"auc","value":1.7976931348623157e308,"timestamp":5}])");
}

ReplayAnswer SmallMlflow::operator()(const ReplayRequest &request) const
{
    if (!wantedHeader.empty()) {
        const auto header = request.headers.find("authorization");
        if (header == request.headers.end() || header->second != wantedHeader)
            return ReplayAnswer::text(401, "text/html; charset=utf-8", "You are not authenticated.");
    }
    if (request.path == prefix + "/version")
        return ReplayAnswer::text(200, "text/html; charset=utf-8", "2.17.2");
    const auto [most, token] = pageWanted(request);
    const auto page = [&, size = std::min(most, mostAPage), wanted = token](const char *key, const json::Array &entries) {
        return ReplayAnswer::json(pageOf(key, entries, size, wanted));
    };
    if (request.path == prefix + kApi + "registered-models/search")
        return page("registered_models", models);
    if (request.path == prefix + kApi + "model-versions/search")
        return page("model_versions", versions);
    if (request.path == prefix + kApi + "experiments/search")
        return page("experiments", experiments);
    if (request.path == prefix + kApi + "runs/search")
        return page("runs", runs);
    if (request.path == prefix + kApi + "metrics/get-history")
        return page("metrics", request.parameter("metric_key") == "auc" ? points : json::Array{points[0]});
    return ReplayAnswer::text(404, "text/html; charset=utf-8", "<!doctype html><title>404 Not Found</title>");
}

} // namespace countersign::importers
