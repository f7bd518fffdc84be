#pragma once

#include "models/base/result.h"

#include <QTest>

/// QVERIFY for a Result or a Status: a failure prints the Error's own sentence.
#define QVERIFY_RESULT(expression)                                                                                     \
    do {                                                                                                               \
        const auto &verifiedResult = (expression);                                                                     \
        if (!QTest::qVerify(verifiedResult.ok(), #expression,                                                          \
                            verifiedResult.ok() ? "" : verifiedResult.error().text().c_str(), __FILE__, __LINE__))      \
            return;                                                                                                    \
    } while (false)

/// The Result must be an Error of this kind; prints what it was instead.
#define QVERIFY_ERROR(expression, expectedKind)                                                                        \
    do {                                                                                                               \
        const auto &verifiedResult = (expression);                                                                     \
        if (!QTest::qVerify(!verifiedResult.ok(), #expression, "succeeded, but an error was expected", __FILE__, __LINE__)) \
            return;                                                                                                    \
        if (!QTest::qVerify(verifiedResult.error().kind == (expectedKind), #expression " is " #expectedKind,            \
                            verifiedResult.error().text().c_str(), __FILE__, __LINE__))                                \
            return;                                                                                                    \
    } while (false)
