#include "ui/print/pdffinish.h"

#include <QXmlStreamWriter>
#define POINTERHOLDER_TRANSITION 4 // std::shared_ptr only; qpdf 11 warns where nothing is chosen
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFEFStreamObjectHelper.hh>
#include <qpdf/QPDFEmbeddedFileDocumentHelper.hh>
#include <qpdf/QPDFFileSpecObjectHelper.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>
#include <algorithm>
#include <chrono>
#include <exception>

namespace countersign::print {

namespace {

/// "D:20260514092004Z".
std::string pdfDate(Instant time)
{
    std::string digits;
    for (const char c : formatUtc(time).substr(0, 19)) {
        if (c >= '0' && c <= '9')
            digits += c;
    }
    return "D:" + digits + "Z";
}

class Finisher
{
public:
    Finisher(const Bytes &raw, const Pages &pages) : m_pages(pages) { m_pdf.processMemoryFile("report", raw.data(), raw.size()); }

    Bytes finish(const std::vector<Attachment> &attachments)
    {
        m_leaves = QPDFPageDocumentHelper(m_pdf).getAllPages();
        setInfo();
        setCatalog();
        setOutline();
        for (const Attachment &attachment : attachments)
            attach(attachment);
        return write();
    }

private:
    static QPDFObjectHandle text(const std::string &utf8) { return QPDFObjectHandle::newUnicodeString(utf8); }
    static QPDFObjectHandle text(const QString &string) { return text(string.toStdString()); }

    void setInfo()
    {
        const report::DocumentMeta &meta = m_pages.meta;
        auto info = QPDFObjectHandle::newDictionary();
        const auto set = [&](const char *key, const std::string &value) {
            if (!value.empty())
                info.replaceKey(key, text(value));
        };
        set("/Title", meta.title);
        set("/Author", meta.author);
        set("/Subject", meta.subject);
        set("/Creator", "Countersign");
        set("/Producer", "Countersign");
        info.replaceKey("/CreationDate", QPDFObjectHandle::newString(pdfDate(meta.createdAt)));
        info.replaceKey("/ModDate", QPDFObjectHandle::newString(pdfDate(meta.createdAt)));
        m_pdf.getTrailer().replaceKey("/Info", m_pdf.makeIndirectObject(info));
    }

    std::string xmp() const
    {
        const report::DocumentMeta &meta = m_pages.meta;
        const QString date = QString::fromStdString(formatUtc(meta.createdAt).substr(0, 19) + "Z");
        QString xml;
        QXmlStreamWriter w(&xml);
        const auto rdf = QStringLiteral("http://www.w3.org/1999/02/22-rdf-syntax-ns#");
        const auto dc = QStringLiteral("http://purl.org/dc/elements/1.1/");
        const auto basic = QStringLiteral("http://ns.adobe.com/xap/1.0/");
        w.writeNamespace(QStringLiteral("adobe:ns:meta/"), QStringLiteral("x"));
        w.writeStartElement(QStringLiteral("adobe:ns:meta/"), QStringLiteral("xmpmeta"));
        w.writeNamespace(rdf, QStringLiteral("rdf"));
        w.writeStartElement(rdf, QStringLiteral("RDF"));
        w.writeNamespace(dc, QStringLiteral("dc"));
        w.writeNamespace(basic, QStringLiteral("xmp"));
        w.writeStartElement(rdf, QStringLiteral("Description"));
        w.writeAttribute(rdf, QStringLiteral("about"), QString());
        const auto list = [&](const char *name, const char *kind, const std::string &value, bool hasLanguage) {
            if (value.empty())
                return;
            w.writeStartElement(dc, QLatin1String(name));
            w.writeStartElement(rdf, QLatin1String(kind));
            w.writeStartElement(rdf, QStringLiteral("li"));
            if (hasLanguage)
                w.writeAttribute(QStringLiteral("xml:lang"), QStringLiteral("x-default"));
            w.writeCharacters(QString::fromStdString(value));
            w.writeEndElement();
            w.writeEndElement();
            w.writeEndElement();
        };
        list("title", "Alt", meta.title, true);
        list("creator", "Seq", meta.author, false);
        list("description", "Alt", meta.subject, true);
        list("language", "Bag", meta.language, false);
        w.writeTextElement(basic, QStringLiteral("CreateDate"), date);
        w.writeTextElement(basic, QStringLiteral("ModifyDate"), date);
        w.writeTextElement(basic, QStringLiteral("MetadataDate"), date);
        w.writeTextElement(basic, QStringLiteral("CreatorTool"), QStringLiteral("Countersign"));
        w.writeEndElement();
        w.writeEndElement();
        w.writeEndElement();
        return "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" + xml.toStdString() + "\n<?xpacket end=\"r\"?>";
    }

    void setCatalog()
    {
        QPDFObjectHandle catalog = m_pdf.getRoot();
        catalog.replaceKey("/Lang", text(m_pages.meta.language));
        catalog.replaceKey("/ViewerPreferences", QPDFObjectHandle::parse("<< /DisplayDocTitle true >>"));
        auto metadata = QPDFObjectHandle::newStream(&m_pdf, xmp());
        metadata.getDict().replaceKey("/Type", QPDFObjectHandle::newName("/Metadata"));
        metadata.getDict().replaceKey("/Subtype", QPDFObjectHandle::newName("/XML"));
        catalog.replaceKey("/Metadata", m_pdf.makeIndirectObject(metadata));
    }

    QPDFObjectHandle destination(const Section &section)
    {
        const double height = m_pages.format.points().height();
        auto array = QPDFObjectHandle::newArray();
        array.appendItem(m_leaves.at(section.page).getObjectHandle());
        array.appendItem(QPDFObjectHandle::newName("/XYZ"));
        array.appendItem(QPDFObjectHandle::newNull());
        array.appendItem(QPDFObjectHandle::newReal(height - section.top / kUnitsPerPoint + 8, 2));
        array.appendItem(QPDFObjectHandle::newNull());
        return array;
    }

    /// The sections from `next` on that lie below `level`, as children of `parent`; returns how many entries stand below it in all.
    int addChildren(QPDFObjectHandle parent, std::size_t &next, int level)
    {
        QPDFObjectHandle before;
        bool hasBefore = false;
        int count = 0;
        while (next < m_pages.sections.size() && m_pages.sections[next].level > level) {
            const Section &section = m_pages.sections[next++];
            auto item = m_pdf.makeIndirectObject(QPDFObjectHandle::newDictionary());
            item.replaceKey("/Title", text(section.number.isEmpty() ? section.title : section.number + QStringLiteral("  ") + section.title));
            item.replaceKey("/Parent", parent);
            item.replaceKey("/Dest", destination(section));
            if (hasBefore) {
                item.replaceKey("/Prev", before);
                before.replaceKey("/Next", item);
            } else {
                parent.replaceKey("/First", item);
            }
            before = item;
            hasBefore = true;
            const int below = addChildren(item, next, section.level);
            count += 1 + below;
        }
        if (hasBefore) {
            parent.replaceKey("/Last", before);
            parent.replaceKey("/Count", QPDFObjectHandle::newInteger(count));
        }
        return count;
    }

    void setOutline()
    {
        if (m_pages.sections.empty())
            return;
        auto outline = m_pdf.makeIndirectObject(QPDFObjectHandle::parse("<< /Type /Outlines >>"));
        std::size_t next = 0;
        addChildren(outline, next, 0);
        m_pdf.getRoot().replaceKey("/Outlines", outline);
        m_pdf.getRoot().replaceKey("/PageMode", QPDFObjectHandle::newName("/UseOutlines"));
    }

    void attach(const Attachment &attachment)
    {
        auto stream = QPDFEFStreamObjectHelper::createEFStream(m_pdf, attachment.bytes);
        stream.setCreationDate(pdfDate(m_pages.meta.createdAt)).setModDate(pdfDate(m_pages.meta.createdAt)).setSubtype(attachment.mimeType);
        auto spec = QPDFFileSpecObjectHelper::createFileSpec(m_pdf, attachment.name, stream);
        spec.setDescription(attachment.description);
        spec.getObjectHandle().replaceKey("/AFRelationship", QPDFObjectHandle::newName("/Data"));
        QPDFEmbeddedFileDocumentHelper(m_pdf).replaceEmbeddedFile(attachment.name, spec);
        QPDFObjectHandle catalog = m_pdf.getRoot();
        if (!catalog.hasKey("/AF"))
            catalog.replaceKey("/AF", QPDFObjectHandle::newArray());
        catalog.getKey("/AF").appendItem(spec.getObjectHandle());
    }

    Bytes write()
    {
        QPDFWriter writer(m_pdf);
        writer.setOutputMemory();
        writer.setMinimumPDFVersion("1.6");
        writer.setObjectStreamMode(qpdf_o_disable); // every object in the open
        writer.setDecodeLevel(qpdf_dl_none);        // pages and fonts stay compressed as they are …
        writer.setCompressStreams(false);           // … attachments stay as the bytes they are
        writer.setDeterministicID(true);
        writer.write();
        const auto buffer = writer.getBufferSharedPointer();
        return {reinterpret_cast<const char *>(buffer->getBuffer()), buffer->getSize()};
    }

    const Pages &m_pages;
    QPDF m_pdf;
    std::vector<QPDFPageObjectHelper> m_leaves;
};

} // namespace

Result<Bytes> finishPdf(const Bytes &raw, const Pages &pages, const std::vector<Attachment> &attachments)
{
    try {
        return Finisher(raw, pages).finish(attachments);
    } catch (const std::exception &cause) { // libqpdf throws; nothing of ours does
        return Error{ErrorKind::Io, std::string("The PDF could not be completed: ") + cause.what() + ".", {}};
    }
}

} // namespace countersign::print
