#include "models/services/governance/evidence.h"

#include "models/ledger/proof.h"
#include "models/services/governance/evidencerequests.h"
#include "models/services/review/reports.h"
#include "models/services/workspace/journal.h"
#include "models/store/queries/governance/evidence.h"
#include "tests/models/services/governance/team.h"

#include <QtTest>

#include <sys/stat.h>

using namespace countersign;
using namespace countersign::test;

/// Evidence: files kept once by their digest, reviewed by somebody else, replaced, withdrawn; what is hostile in a file stays bytes and its name a name.
class ExhibitsTest : public QObject
{
    Q_OBJECT

    static std::filesystem::path write(const TemporaryFolder &folder, const std::string &name, const std::string &bytes)
    {
        const auto path = folder.file(name);
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    static services::ExhibitRequest request(Team &team, const char *title)
    {
        services::ExhibitRequest request;
        request.model = team.model();
        request.version = team.version();
        request.title = title;
        request.requirement = "bank/validation-report";
        request.reference = "Archive, shelf 12";
        return request;
    }
    static std::int64_t keptFiles(Team &team) { return static_cast<std::int64_t>(team.session().ledger().evidenceDigests()->size()); }

private Q_SLOTS:
    void aLife_data() { forEachBackend(); }
    void aLife()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        const TemporaryFolder folder;
        const std::string pages = "%PDF-1.7\nvalidated\n";
        const auto file = services::readEvidenceFile(write(folder, "Bericht \xE2\x80\xAE" "fdp.exe", pages));
        QVERIFY_RESULT(file);
        QCOMPARE(file->name, std::string("Bericht _fdp.exe")); // no override of the direction of reading
        QCOMPARE(file->media, std::string("application/pdf"));
        const auto before = keptFiles(team);

        team.as("dora");
        auto report = request(team, "Validation report 2025");
        report.reference.clear();
        report.file = *file;
        report.note = "Signed on paper too.";
        report.from = *parseTime("2025-01-01");
        report.to = *parseTime("2025-12-31");
        report.expires = *parseTime("2027-01-01");
        const auto added = services::addExhibit(session, report);
        QVERIFY_RESULT(added);
        QCOMPARE(added->number(), std::string("E-1"));
        QCOMPARE(added->state, ExhibitState::Awaiting);
        QCOMPARE(added->addedByName, std::string("Dora Sample"));
        QCOMPARE(added->size, static_cast<std::int64_t>(pages.size()));
        QVERIFY(added->digest == file->digest && added->from == report.from && added->to == report.to && added->expires == report.expires);
        QCOMPARE(*services::exhibitBytes(session, *added), pages);

        // The same file again is another item, and no other bytes.
        auto again = report;
        again.title = "The same, about the model as such";
        again.version = {};
        const auto second = services::addExhibit(session, again);
        QVERIFY_RESULT(second);
        QCOMPARE(second->number(), std::string("E-2"));
        QCOMPARE(keptFiles(team), before + 1);

        QVERIFY_ERROR(services::reviewExhibit(session, added->id, true, {}), ErrorKind::Denied); // no role, and her own
        team.as("vera");
        const auto accepted = services::reviewExhibit(session, added->id, true, {});
        QVERIFY_RESULT(accepted);
        QCOMPARE(accepted->state, ExhibitState::Accepted);
        QCOMPARE(accepted->decidedByName, std::string("Vera Sample"));
        QVERIFY_ERROR(services::reviewExhibit(session, second->id, false, {}), ErrorKind::Invalid); // why?
        QVERIFY_RESULT(services::reviewExhibit(session, second->id, false, "It is about version 1 only."));

        // A newer one takes its place when it is accepted, not before.
        team.as("olga");
        auto newer = request(team, "Validation report 2026");
        newer.replaces = added->id;
        const auto third = services::addExhibit(session, newer);
        QVERIFY_RESULT(third);
        QCOMPARE(third->replacesNumber, std::string("E-1"));
        QVERIFY(!services::findExhibit(session, "E-1")->isSuperseded());
        team.as("vera");
        QVERIFY_RESULT(services::reviewExhibit(session, third->id, true, "Complete."));
        QCOMPARE(services::findExhibit(session, "e-1")->replacedBy, std::string("E-3"));
        team.as("olga");
        QVERIFY_ERROR(services::addExhibit(session, newer), ErrorKind::Conflict);
        store::ExhibitFilter standing;
        standing.version = team.version();
        standing.isStanding = true;
        const auto counting = store::listExhibits(session.connection(), standing);
        QVERIFY_RESULT(counting);
        QCOMPARE(counting->size(), std::size_t{2}); // E-3, and E-2 about the model as such
        QCOMPARE(counting->front().number(), std::string("E-3"));

        // Withdrawn, and the old one counts again.
        QVERIFY_RESULT(services::withdrawExhibit(session, third->id, "It is of another model."));
        QVERIFY(!services::findExhibit(session, "E-1")->isSuperseded());
        QVERIFY_ERROR(services::withdrawExhibit(session, third->id, "Twice"), ErrorKind::Conflict);
        QVERIFY_ERROR(services::withdrawExhibit(session, added->id, "Mine?"), ErrorKind::Denied);

        const auto notes = store::exhibitNotes(session.connection(), third->id);
        QVERIFY_RESULT(notes);
        std::vector<std::string> acts;
        for (const auto &note : *notes)
            acts.push_back(note.act + ": " + note.text);
        const std::vector<std::string> expected{"add: ", "accepted: Complete.", "withdrawn: It is of another model."};
        QCOMPARE(acts, expected);
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void theLargestFileIsKept_data() { forEachBackend(); }
    void theLargestFileIsKept()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        const TemporaryFolder folder;
        const auto path = write(folder, "weights.bin", "\x01");
        std::filesystem::resize_file(path, services::kLargestEvidence);
        auto file = services::readEvidenceFile(path);
        QVERIFY_RESULT(file);
        QCOMPARE(file->media, std::string("application/octet-stream"));
        team.as("dora");
        auto large = request(team, "Weights");
        large.reference.clear();
        large.file = std::move(*file);
        const auto added = services::addExhibit(team.session(), large);
        QVERIFY_RESULT(added);
        QCOMPARE(added->size, static_cast<std::int64_t>(services::kLargestEvidence));
        const auto bytes = services::exhibitBytes(team.session(), *added);
        QVERIFY_RESULT(bytes);
        QVERIFY(*bytes == large.file->bytes);

        std::filesystem::resize_file(path, services::kLargestEvidence + 1);
        const auto more = services::readEvidenceFile(path);
        QVERIFY(!more);
        QCOMPARE(more.error().message, std::string("The file is larger than 32 MiB. Keep it where it is, and say where with a reference."));
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void onlyFilesAreRead()
    {
        const TemporaryFolder folder;
        QVERIFY_ERROR(services::readEvidenceFile(folder.file("nothing")), ErrorKind::NotFound);
        QVERIFY_ERROR(services::readEvidenceFile(folder.file(".")), ErrorKind::Invalid);
        QVERIFY_ERROR(services::readEvidenceFile("/dev/zero"), ErrorKind::Invalid);
        QVERIFY_ERROR(services::readEvidenceFile(write(folder, "empty", "")), ErrorKind::Invalid);
        // Nobody writes into the pipe: whoever opened it to read would wait for ever.
        QCOMPARE(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
        QVERIFY_ERROR(services::readEvidenceFile(folder.file("pipe")), ErrorKind::Invalid);
    }

    void namesAreSafe_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("name");
        const auto row = [](const char *what, QByteArray path, QByteArray name) { QTest::newRow(what) << path << name; };
        row("plain", "report.pdf", "report.pdf");
        row("a path", "/home/x/../report.pdf", "report.pdf");
        row("a path of another system", "C:\\Users\\x\\report.pdf", "report.pdf");
        row("letters of everywhere", "Prüfung 検証.pdf", "Prüfung 検証.pdf");
        row("composed", "Pru\xCC\x88" "fung.pdf", "Prüfung.pdf");
        row("read from right to left", "a\xE2\x80\xAE" "fdp.exe", "a_fdp.exe");
        row("controls", "a\n\x1B[31mb\x7F.txt", "a__[31mb_.txt");
        row("zero width", "a\xE2\x80\x8B.txt", "a_.txt");
        row("signs", "a<b>:\"|?*.txt", "a_b______.txt");
        row("hidden", ".bashrc", "_bashrc");
        row("an option", "-rf", "_rf");
        row("dots", "..", "file");
        row("nothing", "folder/", "file");
        row("blanks around", "  report.pdf. . ", "report.pdf");
        row("no text", "caf\xE9.txt", "caf_.txt");
        row("long", QByteArray(300, 'x') + ".parquet", QByteArray(109, 'x') + "….parquet");
        row("long without an extension", QByteArray(300, 'x'), QByteArray(117, 'x') + "…");
        row("long extension", "a." + QByteArray(300, 'x'), "a." + QByteArray(115, 'x') + "…");
    }
    void namesAreSafe()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, name);
        const auto safe = services::safeFileName(path.toStdString());
        QCOMPARE(QByteArray::fromStdString(safe), name);
        QVERIFY(safe.size() <= 120);
        QCOMPARE(services::safeFileName(safe), safe);
    }

    void contentSaysWhatItIs_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("media");
        QTest::newRow("PDF") << QByteArray("%PDF-1.4\n") << QByteArray("application/pdf");
        QTest::newRow("PNG") << QByteArray("\x89PNG\r\n\x1A\n...") << QByteArray("image/png");
        QTest::newRow("JPEG") << QByteArray("\xFF\xD8\xFF\xE0") << QByteArray("image/jpeg");
        QTest::newRow("Parquet") << QByteArray("PAR1....PAR1") << QByteArray("application/vnd.apache.parquet");
        QTest::newRow("JSON") << QByteArray(" {\"a\": [1]}\n") << QByteArray("application/json");
        QTest::newRow("almost JSON") << QByteArray("{\"a\": [1}") << QByteArray("text/plain");
        QTest::newRow("markup") << QByteArray("<html><script>alert(1)</script>") << QByteArray("text/plain");
        QTest::newRow("a drawing") << QByteArray("<svg onload='x'/>") << QByteArray("text/plain");
        QTest::newRow("text") << QByteArray("Pr\xC3\xBC" "fung\r\n") << QByteArray("text/plain");
        QTest::newRow("another encoding") << QByteArray("Pr\xFC" "fung") << QByteArray("application/octet-stream");
        QTest::newRow("an escape") << QByteArray("\x1B[2J") << QByteArray("application/octet-stream");
        QTest::newRow("a program") << QByteArray("\x7F" "ELF\x02\x01") << QByteArray("application/octet-stream");
    }
    void contentSaysWhatItIs()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, media);
        QCOMPARE(QByteArray::fromStdString(services::mediaTypeOf(bytes.toStdString())), media);
    }

    void nonsenseIsRefused()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        team.as("dora");
        auto &session = team.session();
        const auto size = session.verifiedHead().size;
        const auto refused = [&](auto change, ErrorKind kind) {
            auto wrong = request(team, "Report");
            change(wrong);
            const auto added = services::addExhibit(session, wrong);
            return !added && added.error().kind == kind;
        };
        using Request = services::ExhibitRequest;
        QVERIFY(refused([](Request &r) { r.title = " "; }, ErrorKind::Invalid));
        QVERIFY(refused([](Request &r) { r.title = "two\nlines"; }, ErrorKind::Invalid));
        QVERIFY(refused([](Request &r) { r.reference = " "; }, ErrorKind::Invalid));
        QVERIFY(refused([](Request &r) { r.reference = "two\nlines"; }, ErrorKind::Invalid));
        QVERIFY(refused([](Request &r) { r.reference.assign(2'001, 'x'); }, ErrorKind::Invalid));
        QVERIFY(refused([](Request &r) { r.file = services::EvidenceFile{"a", "text/plain", {}, "a"}; }, ErrorKind::Invalid)); // and a reference
        QVERIFY(refused([](Request &r) { r.note.assign(20'000, 'x'); }, ErrorKind::Invalid));
        for (const char *requirement : {"bank", "/report", "bank/", "bank/a b", "bank/a/b"})
            QVERIFY2(refused([requirement](Request &r) { r.requirement = requirement; }, ErrorKind::Invalid), requirement);
        QVERIFY(refused([](Request &r) { r.from = *parseTime("2026-02-01"), r.to = *parseTime("2026-01-01"); }, ErrorKind::Invalid));
        QVERIFY(refused([](Request &r) { r.to = *parseTime("2026-02-01"), r.expires = *parseTime("2026-01-01"); }, ErrorKind::Invalid));
        QVERIFY(refused([](Request &r) { r.model = ModelId::of("nobody"); }, ErrorKind::NotFound));
        QVERIFY(refused([](Request &r) { r.version = VersionId::of("nobody"); }, ErrorKind::NotFound));
        QVERIFY(refused([](Request &r) { r.replaces = ExhibitId::of("nobody"); }, ErrorKind::NotFound));
        QVERIFY_ERROR(services::findExhibit(session, "E-1"), ErrorKind::NotFound);
        QVERIFY_ERROR(services::findExhibit(session, "E-x"), ErrorKind::Invalid);
        QVERIFY_ERROR(services::findExhibit(session, ""), ErrorKind::Invalid);
        QCOMPARE(session.verifiedHead().size, size);
    }

    void aRequestIsAnswered_data() { forEachBackend(); }
    void aRequestIsAnswered()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        team.as("vera");
        services::EvidenceRequestDraft draft;
        draft.model = team.model();
        draft.version = team.version();
        draft.requirement = "bank/validation-report";
        draft.asked = team.person("olga").id;
        draft.due = session.now() + std::chrono::hours(24);
        const auto asked = services::requestEvidence(session, draft);
        QVERIFY_RESULT(asked);
        QCOMPARE(asked->number(), std::string("ER-1"));
        QCOMPARE(asked->askedName, std::string("Olga Sample"));
        QVERIFY(asked->isWaiting() && !asked->isOverdue(session.now()) && asked->isOverdue(session.now() + std::chrono::hours(25)));

        team.as("dora"); // not who was asked, but she has it
        auto answer = request(team, "Validation report");
        answer.requirement.clear();
        answer.answers = asked->id;
        auto wrong = answer;
        wrong.version = team.version("2");
        QVERIFY_ERROR(services::addExhibit(session, wrong), ErrorKind::Invalid);
        wrong = answer;
        wrong.requirement = "bank/other";
        QVERIFY_ERROR(services::addExhibit(session, wrong), ErrorKind::Invalid);
        const auto given = services::addExhibit(session, answer);
        QVERIFY_RESULT(given);
        QCOMPARE(given->requirement, draft.requirement); // taken over
        auto now = services::findEvidenceRequest(session, "er-1");
        QVERIFY_RESULT(now);
        QVERIFY(now->state == EvidenceRequestState::Answered && !now->isWaiting());
        QCOMPARE(now->answer, std::string("E-1"));
        QVERIFY_ERROR(services::addExhibit(session, answer), ErrorKind::Conflict);
        team.as("olga");
        QVERIFY_ERROR(services::declineEvidenceRequest(session, asked->id, "Not mine."), ErrorKind::Conflict);

        // What does not count answers nothing.
        team.as("vera");
        QVERIFY_RESULT(services::reviewExhibit(session, given->id, false, "Chapter 4 is empty."));
        QVERIFY(services::findEvidenceRequest(session, "ER-1")->isWaiting());
        team.as("dora");
        QVERIFY_ERROR(services::declineEvidenceRequest(session, asked->id, "Not mine."), ErrorKind::Denied);
        QVERIFY_ERROR(services::cancelEvidenceRequest(session, asked->id, "Not mine."), ErrorKind::Denied);
        team.as("olga");
        QVERIFY_ERROR(services::declineEvidenceRequest(session, asked->id, " "), ErrorKind::Invalid);
        const auto declined = services::declineEvidenceRequest(session, asked->id, "There is none before June.");
        QVERIFY_RESULT(declined);
        QVERIFY(declined->state == EvidenceRequestState::Declined && !declined->isWaiting());
        QCOMPARE(declined->reason, std::string("There is none before June."));

        team.as("vera");
        draft.requirement.clear();
        QVERIFY_ERROR(services::requestEvidence(session, draft), ErrorKind::Invalid); // for what?
        draft.text = "The minutes of the committee";
        draft.due = session.now() - std::chrono::hours(1);
        QVERIFY_ERROR(services::requestEvidence(session, draft), ErrorKind::Invalid);
        draft.due = {};
        draft.asked = PersonId::of("nobody");
        QVERIFY_ERROR(services::requestEvidence(session, draft), ErrorKind::NotFound);
        draft.asked = team.person("axel").id;
        draft.version = {};
        const auto second = services::requestEvidence(session, draft);
        QVERIFY_RESULT(second);
        QCOMPARE(second->number(), std::string("ER-2"));
        store::EvidenceRequestFilter waiting;
        waiting.version = team.version();
        waiting.isWaiting = true;
        QCOMPARE(store::listEvidenceRequests(session.connection(), waiting)->size(), std::size_t{1});
        waiting.isWaiting = false;
        const auto all = store::listEvidenceRequests(session.connection(), waiting);
        QVERIFY_RESULT(all);
        QCOMPARE(all->size(), std::size_t{2});
        QCOMPARE(all->front().number(), std::string("ER-2")); // it waits
        QVERIFY_RESULT(services::cancelEvidenceRequest(session, second->id, "Found them."));
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void nobodyAcceptsTheirOwnPastTheServices_data() { forEachBackend(); }
    void nobodyAcceptsTheirOwnPastTheServices()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        team.as("vera"); // who may review, but not this
        const auto added = services::addExhibit(session, request(team, "Report"));
        QVERIFY_RESULT(added);
        const auto review = [&] {
            auto journal = services::SignedJournal::begin(session);
            if (!journal)
                return Status(journal.error());
            const auto seq = journal->record({"evidence.review",
                                              {{"evidence", added->id.text()}, {"model", added->model.text()}, {"outcome", "accepted"}, {"title", "Report"}}, {}, {}, {}});
            return seq ? journal->journal->commit() : Status(seq.error());
        };
        QVERIFY_RESULT(review());
        QCOMPARE(services::findExhibit(session, "E-1")->state, ExhibitState::Awaiting);
        team.as("ada");
        QVERIFY_RESULT(review()); // the same event of somebody else
        QCOMPARE(services::findExhibit(session, "E-1")->state, ExhibitState::Accepted);
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void aReportTellsAndProvesIt_data() { forEachBackend(); }
    void aReportTellsAndProvesIt()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        const auto without = services::previewReport(session, team.version());
        QVERIFY_RESULT(without);
        const auto isEvidence = [](const report::Block &block) {
            const auto *heading = std::get_if<report::Heading>(&block.content);
            return heading && heading->text == "Evidence";
        };
        QVERIFY(std::ranges::none_of(without->blocks, isEvidence));

        team.as("dora");
        auto report = request(team, "Validation report");
        report.reference.clear();
        report.file = services::EvidenceFile{"report.txt", "text/plain", {}, "It was validated."};
        const auto added = services::addExhibit(session, report);
        QVERIFY_RESULT(added);
        auto old = request(team, "Benchmark of 2020");
        old.version = {};
        old.expires = *parseTime("2021-01-01");
        QVERIFY_RESULT(services::addExhibit(session, old));
        team.as("vera");
        QVERIFY_RESULT(services::reviewExhibit(session, added->id, true, {}));
        const auto issued = services::issueReport(session, team.version());
        QVERIFY_RESULT(issued);
        const auto &facts = *issued->facts.find("evidence")->array();
        QCOMPARE(facts.size(), std::size_t{2});
        QCOMPARE(facts.front().textOr("digest", {}), added->digest->text());
        QCOMPARE(facts.front().textOr("state", {}), std::string("accepted"));
        QVERIFY(!facts.front().find("expired") && facts.back().find("expired"));
        QCOMPARE(facts.back().textOr("reference", {}), std::string("Archive, shelf 12"));
        QVERIFY(std::ranges::any_of(issued->document.blocks, isEvidence));

        // Whoever has the report alone sees who added it and who accepted it.
        const auto proof = ledger::decodeProof(issued->proof);
        QVERIFY_RESULT(proof);
        const auto checked = ledger::verifyProof(*proof);
        QCOMPARE(checked.worst, ledger::EntryState::Valid);
        std::vector<std::string> kinds;
        for (const auto &item : proof->items) {
            const auto entry = ledger::decodeEntry(item.entry);
            const auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(entry.error());
            QVERIFY_RESULT(event);
            if (event->kind.starts_with("evidence."))
                kinds.push_back(event->kind + (event->evidence == added->digest ? " of the file" : ""));
        }
        QCOMPARE(kinds, (std::vector<std::string>{"evidence.add of the file", "evidence.add", "evidence.review"}));
    }

    void whatItIsAboutStays_data() { forEachBackend(); }
    void whatItIsAboutStays()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        team.as("dora");
        QVERIFY_RESULT(team.import("3,auc,0.8,900,0.77,0.83,2026-03-31"));
        auto about = request(team, "Report");
        about.version = team.version("3");
        const auto added = services::addExhibit(session, about);
        QVERIFY_RESULT(added);
        const auto refused = services::undoImport(session, "I-2", "wrong file");
        QVERIFY_ERROR(refused, ErrorKind::Denied);
        QVERIFY2(QString::fromStdString(refused.error().text()).contains(QStringLiteral("E-1 is about what it brought")), refused.error().text().c_str());
        QVERIFY_RESULT(services::findExhibit(session, "E-1"));

        // What was imported for a version that was here before may go.
        QVERIFY_RESULT(team.import("3,auc,0.7,900,0.67,0.73,2026-04-30"));
        QVERIFY_RESULT(services::undoImport(session, "I-3", "wrong file"));
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void timeMakesItExpire()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        team.as("dora");
        auto &session = team.session();
        auto old = request(team, "Benchmark of 2020");
        old.expires = *parseTime("2021-01-01");
        const auto added = services::addExhibit(session, old); // for the record
        QVERIFY_RESULT(added);
        QVERIFY(added->isExpired(session.now()));
        team.as("vera");
        QVERIFY_ERROR(services::reviewExhibit(session, added->id, true, {}), ErrorKind::Conflict);
        QVERIFY_RESULT(services::reviewExhibit(session, added->id, false, "Too old."));
        QCOMPARE(team.differences(), std::vector<std::string>());
    }
};

QTEST_GUILESS_MAIN(ExhibitsTest)
#include "tst_exhibits.moc"
