#pragma once

#include "app/cli/context.h"

/// What the verbs of the table do. Each reads its options, calls one use case and prints what came of it.
namespace countersign::cli {

Result<ExitCode> runInit(Context &context);
Result<ExitCode> runSample(Context &context);
Result<ExitCode> runPaths(Context &context);

Result<ExitCode> runPersonAdd(Context &context);
Result<ExitCode> runPersonList(Context &context);
Result<ExitCode> runDeviceEnroll(Context &context);

Result<ExitCode> runKeyList(Context &context);
Result<ExitCode> runKeyEnroll(Context &context);
Result<ExitCode> runKeyConfirm(Context &context);
Result<ExitCode> runKeyRotate(Context &context);
Result<ExitCode> runKeyRevoke(Context &context);
Result<ExitCode> runKeyUnlockTest(Context &context);
Result<ExitCode> runKeyCarry(Context &context);
Result<ExitCode> runKeyFetch(Context &context);
Result<ExitCode> runKeyPolicy(Context &context);

Result<ExitCode> runImportMlflow(Context &context);
Result<ExitCode> runImportMetrics(Context &context);
Result<ExitCode> runImportUndo(Context &context);

Result<ExitCode> runListModels(Context &context);
Result<ExitCode> runListVersions(Context &context);
Result<ExitCode> runListMetrics(Context &context);
Result<ExitCode> runListSignOffs(Context &context);
Result<ExitCode> runListEvents(Context &context);
Result<ExitCode> runListImports(Context &context);
Result<ExitCode> runListReports(Context &context);
Result<ExitCode> runListRules(Context &context);

Result<ExitCode> runShow(Context &context);
Result<ExitCode> runSet(Context &context);

Result<ExitCode> runRuleAdd(Context &context);
Result<ExitCode> runRuleChange(Context &context);
Result<ExitCode> runRuleRetire(Context &context);

Result<ExitCode> runReviewFreeze(Context &context);
Result<ExitCode> runReviewShow(Context &context);
Result<ExitCode> runSign(Context &context);
Result<ExitCode> runSignOffRendering(Context &context);
Result<ExitCode> runSignOffWithdraw(Context &context);

Result<ExitCode> runMetricsCompute(Context &context);
Result<ExitCode> runMetricsDrift(Context &context);
Result<ExitCode> runMetricsImport(Context &context);
Result<ExitCode> runMetricsList(Context &context);
Result<ExitCode> runMetricsRecompute(Context &context);
Result<ExitCode> runMetricsSql(Context &context);
Result<ExitCode> runMetricsWhatIf(Context &context);

Result<ExitCode> runChangesList(Context &context);
Result<ExitCode> runChangesShow(Context &context);
Result<ExitCode> runChangesWithdraw(Context &context);

Result<ExitCode> runDbProvision(Context &context);
Result<ExitCode> runDbStatus(Context &context);

Result<ExitCode> runReport(Context &context);
Result<ExitCode> runCheckpoint(Context &context);
Result<ExitCode> runPendingDiscard(Context &context);
Result<ExitCode> runPendingList(Context &context);
Result<ExitCode> runPendingSubmit(Context &context);
Result<ExitCode> runLedgerAccept(Context &context);
Result<ExitCode> runLedgerCosign(Context &context);
Result<ExitCode> runLedgerConsistency(Context &context);
Result<ExitCode> runLedgerExport(Context &context);
Result<ExitCode> runLedgerProve(Context &context);
Result<ExitCode> runSelfTest(Context &context);
Result<ExitCode> runJsonCheck(Context &context);
Result<ExitCode> runTextCheck(Context &context);
Result<ExitCode> runDbRebuild(Context &context);
Result<ExitCode> runVerify(Context &context);

} // namespace countersign::cli
