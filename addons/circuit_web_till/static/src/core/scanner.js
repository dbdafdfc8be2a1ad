import { buildZXingBarcodeDetector } from "@web/core/barcode/ZXingBarcodeDetector";
import { twice } from "./codes";

const LIBRARY = "/web/static/lib/zxing-library/zxing-library.js";
const FORMATS = ["code_39", "qr_code"];
const PAUSE = 120;

/**
 * What reads codes out of a picture: the browser itself, or Odoo's library, loaded only now.
 *
 * @returns {Promise<object>} with detect(video)
 */
async function detector() {
    const native = window.BarcodeDetector;
    if (native) {
        const known = await native.getSupportedFormats().catch(() => []);
        if (FORMATS.every((format) => known.includes(format))) {
            return new native({ formats: FORMATS });
        }
    }
    if (!window.ZXing) {
        await new Promise((done, failed) => {
            const script = document.createElement("script");
            script.src = LIBRARY;
            script.addEventListener("load", done);
            script.addEventListener("error", () => failed(new Error(LIBRARY)));
            document.head.append(script);
        });
    }
    const Detector = buildZXingBarcodeDetector(window.ZXing);
    return new Detector({ formats: FORMATS });
}

/** Reads one code with the camera, in a dialog. */
export class Scanner {
    /** @param {object} page with its elements and words */
    constructor(page) {
        this.page = page;
        this.dialog = page.refs.scanner;
        this.video = page.refs.video;
        this.stream = null;
        this.dialog.addEventListener("close", () => this.release());
    }

    /** @returns {boolean} whether this browser can open a camera (https only) */
    static get possible() {
        return Boolean(navigator.mediaDevices?.getUserMedia && window.HTMLDialogElement);
    }

    /** @returns {Promise<string>} the code, "" when the dialog was closed before one was read */
    async read() {
        this.page.refs.scanner_message.textContent = this.page.text("scan_wait");
        this.dialog.showModal();
        try {
            const [stream, reader] = await Promise.all([
                navigator.mediaDevices.getUserMedia({
                    video: {
                        facingMode: "environment",
                        width: { ideal: 1280 },
                        height: { ideal: 720 },
                    },
                    audio: false,
                }),
                detector(),
            ]);
            this.stream = stream;
            if (!this.dialog.open) {
                this.release();
                return "";
            }
            this.video.srcObject = stream;
            await this.video.play();
            this.page.refs.scanner_message.textContent = this.page.text("scan_hint");
            return await this.look(reader);
        } catch (error) {
            const words = { NotFoundError: "scan_none", NotAllowedError: "scan_denied" };
            this.release();
            this.page.refs.scanner_message.textContent = this.page.text(
                words[error.name] || "scan_failed",
            );
            return "";
        }
    }

    async look(reader) {
        const confirm = twice();
        while (this.dialog.open) {
            const codes = await reader.detect(this.video).catch(() => []);
            const code = confirm(codes[0]?.rawValue || "");
            if (code) {
                this.close();
                return code;
            }
            await new Promise((done) => setTimeout(done, PAUSE));
        }
        return "";
    }

    close() {
        this.release();
        if (this.dialog.open) {
            this.dialog.close();
        }
    }

    release() {
        this.stream?.getTracks().forEach((track) => track.stop());
        this.stream = null;
        this.video.srcObject = null;
    }
}
