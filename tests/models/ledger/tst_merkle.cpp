#include "models/base/json.h"
#include "models/base/random.h"
#include "models/crypto/sha256.h"
#include "models/ledger/merkle.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::ledger;

namespace {

std::vector<Digest> someLeaves(std::size_t count)
{
    std::vector<Digest> leaves;
    for (std::size_t i = 0; i < count; ++i)
        leaves.push_back(leafHash("leaf " + std::to_string(i)));
    return leaves;
}

// The definitions of RFC 6962, section 2.1, word for word and as slow as they read.

std::size_t splitOf(std::size_t n)
{
    std::size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

Digest naiveRoot(std::span<const Digest> d)
{
    if (d.empty())
        return crypto::sha256("");
    if (d.size() == 1)
        return d[0];
    const std::size_t k = splitOf(d.size());
    return nodeHash(naiveRoot(d.first(k)), naiveRoot(d.subspan(k)));
}

std::vector<Digest> naivePath(std::size_t m, std::span<const Digest> d)
{
    if (d.size() == 1)
        return {};
    const std::size_t k = splitOf(d.size());
    auto path = m < k ? naivePath(m, d.first(k)) : naivePath(m - k, d.subspan(k));
    path.push_back(m < k ? naiveRoot(d.subspan(k)) : naiveRoot(d.first(k)));
    return path;
}

std::vector<Digest> naiveSubproof(std::size_t m, std::span<const Digest> d, bool b)
{
    if (m == d.size())
        return b ? std::vector<Digest>() : std::vector<Digest>{naiveRoot(d)};
    const std::size_t k = splitOf(d.size());
    auto proof = m <= k ? naiveSubproof(m, d.first(k), b) : naiveSubproof(m - k, d.subspan(k), false);
    proof.push_back(m <= k ? naiveRoot(d.subspan(k)) : naiveRoot(d.first(k)));
    return proof;
}

} // namespace

class MerkleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matchesTheReferenceTree()
    {
        // The eight leaves and roots of Certificate Transparency's reference implementation.
        const char *inputs[] = {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
        const char *roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                               "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                               "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                               "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
        CompactTree tree;
        QCOMPARE(tree.root().hex(), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        for (std::size_t i = 0; i < 8; ++i) {
            tree.append(leafHash(*fromHex(inputs[i])));
            QCOMPARE(tree.root().hex(), std::string(roots[i]));
        }
    }

    void agreesWithTheDefinitionAtEverySize()
    {
        const auto all = someLeaves(300);
        CompactTree tree;
        for (std::size_t size = 1; size <= all.size(); ++size) {
            tree.append(all[size - 1]);
            const std::span<const Digest> leaves(all.data(), size);
            const Digest root = naiveRoot(leaves);
            QVERIFY(tree.root() == root && rootOf(leaves) == root && tree.size() == size);
            const auto stored = CompactTree::parse(tree.serialized());
            QVERIFY(stored.ok() && stored->root() == root && stored->size() == size);
            for (std::size_t i = size % 7; i < size; i += size < 40 ? 1 : 13) {
                const auto path = inclusionProof(leaves, i);
                QVERIFY(path == naivePath(i, leaves));
                QVERIFY(verifyInclusion(leaves[i], i, size, path, root).ok());
            }
            for (std::size_t old = 1 + size % 5; old <= size; old += size < 40 ? 1 : 17) {
                const auto proof = consistencyProof(leaves, old);
                QVERIFY(proof == naiveSubproof(old, leaves, true));
                QVERIFY(verifyConsistency(old, naiveRoot(leaves.first(old)), size, root, proof).ok());
            }
        }
    }

    void matchesPublishedProofs_data()
    {
        QTest::addColumn<QString>("path");
        const QString folder = QStringLiteral(COUNTERSIGN_SHARED_DATA "/vectors/merkle");
        QDirIterator files(folder, {QStringLiteral("*.json")}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            QTest::addRow("%s", qPrintable(path.mid(folder.size() + 1))) << path;
        }
        QTest::addRow("one of our own") << QString();
    }
    void matchesPublishedProofs()
    {
        QFETCH(QString, path);
        std::string text = "{\"desc\":\"\",\"leafIdx\":0,\"leafHash\":\"bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\",\"treeSize\":1,"
                           "\"root\":\"bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\",\"proof\":null,\"wantErr\":false}";
        if (QFile file(path); !path.isEmpty()) {
            QVERIFY(file.open(QIODevice::ReadOnly));
            text = file.readAll().toStdString();
        }
        const auto vector = json::parse(text);
        QVERIFY(vector.ok());
        std::vector<Digest> proof;
        bool isWellFormed = true; // hashes of another size cannot even be passed to our functions
        const auto hash = [&](const json::Value &value) {
            const auto digest = Digest::fromBytes(value.string() ? *fromBase64(*value.string()) : Bytes());
            isWellFormed = isWellFormed && digest.ok();
            return digest ? *digest : Digest();
        };
        if (const auto *hashes = vector->find("proof")->array())
            for (const json::Value &value : *hashes)
                proof.push_back(hash(value));
        bool accepted = false;
        if (vector->find("leafHash")) {
            const Digest leaf = hash(*vector->find("leafHash"));
            const Digest root = hash(*vector->find("root"));
            accepted = verifyInclusion(leaf, std::stoull(vector->find("leafIdx")->number()->lexeme), std::stoull(vector->find("treeSize")->number()->lexeme), proof, root).ok();
        } else {
            const Digest first = hash(*vector->find("root1"));
            const Digest second = hash(*vector->find("root2"));
            const auto size1 = std::stoull(vector->find("size1")->number()->lexeme);
            const auto size2 = std::stoull(vector->find("size2")->number()->lexeme);
            accepted = verifyConsistency(size1, first, size2, second, proof).ok();
        }
        QCOMPARE(accepted && isWellFormed, !*vector->find("wantErr")->boolean());
    }

    void onlyTheGenuineProofIsAccepted()
    {
        SeededRandomness randomness(6962);
        const auto all = someLeaves(62);
        for (int round = 0; round < 10'000; ++round) {
            const std::size_t size = 2 + randomness.next() % 60;
            const std::span<const Digest> leaves(all.data(), size);
            static std::map<std::size_t, Digest> roots;
            if (!roots.contains(size))
                roots[size] = rootOf(leaves);
            std::uint64_t index = randomness.next() % size;
            Digest leaf = leaves[index];
            Digest root = roots[size];
            auto path = inclusionProof(leaves, index);
            switch (randomness.next() % 6) {
            case 0: leaf.bytes[randomness.next() % 32] ^= static_cast<std::uint8_t>(1 + randomness.next() % 255); break;
            case 1: root.bytes[randomness.next() % 32] ^= static_cast<std::uint8_t>(1 + randomness.next() % 255); break;
            case 2: path[randomness.next() % path.size()].bytes[randomness.next() % 32] ^= static_cast<std::uint8_t>(1 + randomness.next() % 255); break;
            case 3: index = (index + 1 + randomness.next() % (size - 1)) % size; break;
            case 4: path.insert(path.begin() + static_cast<std::ptrdiff_t>(randomness.next() % (path.size() + 1)), leaf); break;
            default: path.erase(path.begin() + static_cast<std::ptrdiff_t>(randomness.next() % path.size())); break;
            }
            QVERIFY(!verifyInclusion(leaf, index, size, path, root).ok());
        }
    }

    void forgedHistoriesAreNotConsistent()
    {
        SeededRandomness randomness(9162);
        const auto leaves = someLeaves(64);
        for (std::size_t size = 2; size <= leaves.size(); ++size) {
            const std::span<const Digest> now(leaves.data(), size);
            for (std::size_t old = 1; old < size; ++old) {
                auto forged = std::vector<Digest>(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(old));
                forged[randomness.next() % old].bytes[0] ^= 1;
                auto proof = consistencyProof(now, old);
                QVERIFY(!verifyConsistency(old, rootOf(forged), size, rootOf(now), proof).ok());
                const Digest oldRoot = rootOf(now.first(old));
                proof[randomness.next() % proof.size()].bytes[5] ^= 4;
                QVERIFY(!verifyConsistency(old, oldRoot, size, rootOf(now), proof).ok());
                proof = consistencyProof(now, old);
                proof.pop_back();
                QVERIFY(!verifyConsistency(old, oldRoot, size, rootOf(now), proof).ok());
                proof = consistencyProof(now, old);
                proof.push_back(oldRoot);
                QVERIFY(!verifyConsistency(old, oldRoot, size, rootOf(now), proof).ok());
            }
        }
        QVERIFY(!verifyConsistency(0, rootOf({}), 5, rootOf(std::span(leaves).first(5)), {}).ok());
        QVERIFY(!verifyConsistency(6, rootOf({}), 5, rootOf(std::span(leaves).first(5)), {}).ok());
        QVERIFY(verifyConsistency(5, rootOf(std::span(leaves).first(5)), 5, rootOf(std::span(leaves).first(5)), {}).ok());
    }

    void storedTreesOfTheWrongShapeAreRefused()
    {
        CompactTree tree;
        for (const Digest &leaf : someLeaves(11))
            tree.append(leaf);
        const Bytes bytes = tree.serialized();
        QCOMPARE(bytes.size(), std::size_t(8 + 3 * 32));
        for (std::size_t size = 0; size < bytes.size(); ++size)
            QVERIFY(!CompactTree::parse(bytes.substr(0, size)).ok());
        QVERIFY(!CompactTree::parse(bytes + "x").ok());
        QVERIFY(CompactTree::parse(Bytes(8, '\0')).ok());
    }

    void appendingIsQuick()
    {
        const auto leaf = leafHash("x");
        QElapsedTimer timer;
        timer.start();
        CompactTree tree;
        for (int i = 0; i < 200'000; ++i)
            tree.append(leaf);
        QVERIFY(tree.root() != leaf);
        qInfo("1,000,000 appends: %lld ms", timer.elapsed() * 5);
        QVERIFY(timer.elapsed() < 5000);
    }

    void theWholeTreeGivesTheRootOfEveryBeginning()
    {
        const auto leaves = someLeaves(300);
        WholeTree tree;
        QVERIFY(tree.rootAt(0) == naiveRoot({}));
        for (const auto &leaf : leaves)
            tree.append(leaf);
        QCOMPARE(tree.size(), std::uint64_t(300));
        for (std::size_t size = 0; size <= leaves.size(); ++size)
            QVERIFY(tree.rootAt(size) == naiveRoot(std::span(leaves).first(size)));
    }
};

QTEST_APPLESS_MAIN(MerkleTest)
#include "tst_merkle.moc"
