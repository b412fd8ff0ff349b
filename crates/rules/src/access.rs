//! Access (访问权限): which room of the site a role may enter, and how far its eyes reach.
//!
//! Rights hang on posts. What may be done to a task is decided in [`crate::task`]; this table only says which
//! rooms exist for whom. It is printed into `docs/rules/access.txt`.

use crate::{office::Role, situation::Actor};

macro_rules! rooms {
    ($($(#[$doc:meta])* $name:ident = $slug:literal: $roles:expr),+ $(,)?) => {
        /// A room of the site.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Room {
            $($(#[$doc])* $name),+
        }

        impl Room {
            /// Every room.
            pub const ALL: &'static [Room] = &[$(Room::$name),+];

            /// The name used in message keys and in the printed table.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Room::$name => $slug),+
                }
            }

            /// The roles that may enter.
            #[must_use]
            pub fn roles(self) -> &'static [Role] {
                match self {
                    $(Room::$name => $roles),+
                }
            }
        }
    };
}

const EVERYBODY: &[Role] = &Role::ALL;
/// Everybody with a part in the loop or the duty to watch it; administrators have neither.
const LOOP: &[Role] = &[
    Role::Registrar,
    Role::Responsible,
    Role::Verifier,
    Role::Committee,
    Role::Chief,
    Role::Superior,
    Role::Inspector,
    Role::Publisher,
    Role::Auditor,
];

rooms! {
    /// What is to be done today (今日).
    Today = "today": EVERYBODY,
    /// Problems and tasks (问题与任务).
    Tasks = "tasks": LOOP,
    /// The review desk (核查台).
    Desk = "desk": &[Role::Verifier, Role::Committee, Role::Chief, Role::Superior, Role::Registrar, Role::Auditor],
    /// Reading documents in (收文导入).
    Intake = "intake": &[Role::Registrar],
    /// Registering by hand (登记).
    Register = "register": &[Role::Registrar],
    /// The notice board (公示栏).
    Notices = "notices": LOOP,
    /// The sustain register and owed look-backs (长期坚持与回头看).
    Sustain = "sustain": LOOP,
    /// Inspection rounds and their draws (巡查轮次、抽取).
    Rounds = "rounds": LOOP,
    /// Missions of inspectors (检查任务).
    Missions = "missions": &[Role::Inspector, Role::Registrar, Role::Auditor],
    /// What inspectors saw, and what the desk makes of it (发现研判).
    Findings = "findings": &[Role::Registrar, Role::Inspector, Role::Committee, Role::Chief, Role::Auditor],
    /// Meetings of the committee (会议).
    Meetings = "meetings": LOOP,
    /// Campaigns and their projects (专项行动与项目).
    Projects = "projects": LOOP,
    /// Guarantees of leaders (包保).
    Guarantees = "guarantees": LOOP,
    /// Official documents (公文).
    Documents = "documents": LOOP,
    /// The duty list, its gaps, and who answered on a day (责任清单).
    Duties = "duties": LOOP,
    /// Handovers of posts (交接).
    Handovers = "handovers": LOOP,
    /// A page for each leader (领导).
    Leaders = "leaders": LOOP,
    /// Boards, their statements and objections to them (考核排名).
    Rank = "rank": LOOP,
    /// The ladder of pressure: proposals and measures (督办措施).
    Supervise = "supervise": LOOP,
    /// What is asked of whom, and surveys (减负).
    Burden = "burden": LOOP,
    /// Saying what is asked twice or in vain (减负意见箱).
    ComplaintBox = "complaint-box": EVERYBODY,
    /// Rivers, chiefs and patrols (河长制).
    Rivers = "rivers": LOOP,
    /// Units, posts and holders (机构与岗位).
    Office = "office": EVERYBODY,
    /// Changing units, posts and holders.
    OfficeEdit = "office-edit": &[Role::Administrator],
    /// The procedure in force (程序).
    Procedure = "procedure": EVERYBODY,
    /// Choosing or adopting a procedure.
    ProcedureEdit = "procedure-edit": &[Role::Administrator],
    /// The working-day calendar (工作日历).
    Calendar = "calendar": EVERYBODY,
    /// Adding a year.
    CalendarEdit = "calendar-edit": &[Role::Administrator],
    /// The ledger and its verification (账本).
    Ledger = "ledger": EVERYBODY,
    /// The books as of an earlier day (往日账).
    Past = "past": LOOP,
    /// Exporting the ledger.
    LedgerExport = "ledger-export": &[Role::Auditor, Role::Registrar],
    /// Exporting lists and dossiers.
    Export = "export": LOOP,
    /// Accounts (账号).
    Accounts = "accounts": &[Role::Administrator],
    /// The audit (审计日志).
    Audit = "audit": &[Role::Auditor],
}

/// How far somebody's eyes reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The whole area.
    Whole,
    /// What their own unit has to do with.
    OwnUnit,
    /// No task at all.
    Nothing,
}

impl Actor {
    /// Whether this post may enter the room.
    #[must_use]
    pub fn may_enter(&self, room: Room) -> bool {
        room.roles().iter().any(|role| self.roles.contains(role))
    }

    /// How far this post's eyes reach over tasks.
    #[must_use]
    pub fn reach(&self) -> Reach {
        const WHOLE: [Role; 7] = [
            Role::Registrar,
            Role::Committee,
            Role::Chief,
            Role::Superior,
            Role::Inspector,
            Role::Publisher,
            Role::Auditor,
        ];
        if WHOLE.iter().any(|role| self.roles.contains(role)) {
            Reach::Whole
        } else if self.may_enter(Room::Tasks) {
            Reach::OwnUnit
        } else {
            Reach::Nothing
        }
    }
}
