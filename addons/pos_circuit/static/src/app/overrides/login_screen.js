import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { LoginScreen } from "@point_of_sale/app/screens/login_screen/login_screen";

patch(LoginScreen.prototype, {
    /** A merchant has no backend: the way out leads to the list of their transactions. */
    get backBtnName() {
        return this.pos.config.isMerchantTill ? _t("My transactions") : super.backBtnName;
    },
});
