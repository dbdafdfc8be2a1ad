import { Component, onMounted, onWillUnmount } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const PAUSE = 2000;

/** How far the work in the background is; looks again every two seconds while it goes on. */
export class JobProgress extends Component {
    static template = "family_card.JobProgress";
    static props = { ...standardFieldProps };

    setup() {
        onMounted(() => this.later());
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get percent() {
        return this.props.record.data[this.props.name] || 0;
    }

    get note() {
        return this.props.record.data.job_note || "";
    }

    get going() {
        return ["waiting", "running"].includes(this.props.record.data.job_state);
    }

    later() {
        this.timer = setTimeout(async () => {
            const { record } = this.props;
            if (this.going && !(await record.isDirty())) {
                await record.load();
            }
            this.later();
        }, PAUSE);
    }
}

registry.category("fields").add("family_job_progress", {
    component: JobProgress,
    supportedTypes: ["integer"],
    fieldDependencies: [
        { name: "job_note", type: "char" },
        { name: "job_state", type: "selection" },
    ],
});
