#pragma once

#include "models/base/json.h"
#include "models/base/progress.h"
#include "models/base/result.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

class QNetworkReply;

namespace countersign::importers {

/// Who reads. A token goes as Bearer, a user with password as Basic; the token wins. Never logged, never part of an error.
struct HttpCredentials {
    std::string user;
    std::string password;
    std::string token;

    bool isEmpty() const { return user.empty() && token.empty(); }
};

struct HttpLimits {
    std::chrono::milliseconds silence = std::chrono::seconds(60); ///< without a byte
    std::chrono::milliseconds whole = std::chrono::minutes(10);   ///< for one answer
    std::uint64_t bytes = 256U << 20;                             ///< of one answer
};

/// Reads JSON from one server, a request at a time, on the thread that calls, which must not be the window's.
///
/// Redirections are followed on the same host only (and never from https to http), so credentials reach nobody else. No cookies, no
/// cache, no compression. Failures are sentences: Denied (401, 403, certificate), NotFound (404), Invalid (400, a web page, wrong
/// JSON), Io (unreachable, too slow, too large, 5xx), Cancelled.
class HttpClient
{
public:
    using Query = std::vector<std::pair<std::string, std::string>>;

    /// `root` is scheme, host, port and path without a slash at the end.
    HttpClient(std::string root, HttpCredentials credentials, HttpLimits limits, const Progress &progress);
    ~HttpClient();
    HttpClient(const HttpClient &) = delete;
    HttpClient &operator=(const HttpClient &) = delete;

    /// A header of every request from here on; an empty value takes it away.
    void setHeader(std::string name, std::string value);
    Result<json::Value> get(const std::string &path, const Query &query = {});
    Result<json::Value> post(const std::string &path, const json::Object &body);
    /// A short plain text ("/version"); anything else is Invalid.
    Result<std::string> getText(const std::string &path);
    const std::string &root() const { return m_root; }

private:
    struct Answer {
        int status = 0;
        std::string type; ///< content type in lower case
        std::string body;
        std::string location; ///< where it sends us on to
    };
    struct Manager;

    Result<Answer> exchange(const std::string &path, const Query &query, const std::string *body);
    Result<Answer> exchangeOnce(const std::string &url, const std::string *body);
    Result<std::string> redirected(const std::string &from, const Answer &answer) const;
    Error networkError(const QNetworkReply &reply, const std::string &certificateTrouble) const;
    Error statusError(const Answer &answer, const std::string &path) const;
    Result<json::Value> jsonOf(Result<Answer> answer, const std::string &path) const;

    std::string m_root;
    HttpCredentials m_credentials;
    HttpLimits m_limits;
    const Progress &m_progress;
    std::vector<std::pair<std::string, std::string>> m_headers;
    std::unique_ptr<Manager> m_manager;
};

} // namespace countersign::importers
