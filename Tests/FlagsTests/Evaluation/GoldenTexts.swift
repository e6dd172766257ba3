/// The explanations of `GoldenExplanation`, by name.
enum GoldenTexts {
    static let all: [String: String] = [
        "archived": #"""
        * flag: not found
          key checkout
        = ERROR FLAG_NOT_FOUND
        """#,
        "lacks its variations": #"""
        * flag: lacks its variations
          key checkout
          revision 7.0
        = ERROR FLAG_NOT_FOUND
        """#,
        "not active": #"""
        - flag: found
          key checkout
          revision 7.0
        * state: not active: serves off
          status paused
          enabled true
          now 2026-02-02T02:40:00Z
        = DISABLED off
        """#,
        "switched off": #"""
        - flag: found
          key checkout
          revision 7.0
        * state: switched off: serves off
          status active
          enabled false
          now 2026-02-02T02:40:00Z
        = DISABLED off
        """#,
        "ended": #"""
        - flag: found
          key checkout
          revision 7.0
        * state: outside its dates: serves off
          status active
          enabled true
          now 2026-02-02T02:40:00Z
          start 1970-01-01T00:00:00Z
          end 2026-02-02T02:40:00Z
        = DISABLED off
        """#,
        "a prerequisite that is disabled": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        - prerequisite: met
          flag payments
          wanted [on, off]
          given on
          reason STATIC
        * prerequisite: failed: serves off
          flag legacy
          wanted [on, off]
          given off
          reason DISABLED
        = PREREQUISITE_FAILED off
        """#,
        "a prerequisite that is unknown": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        * prerequisite: unknown, or too deep: serves off
          flag nothing
          wanted [on, off]
        = PREREQUISITE_FAILED off
        """#,
        "prerequisites in a circle": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        * prerequisite: failed: serves off
          flag ring-1
          wanted [on, off]
          given off
          reason PREREQUISITE_FAILED
        = PREREQUISITE_FAILED off
        """#,
        "outside the audience": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        * audience: not admitted: serves off
          plan PREMIUM
          plan in [FREE]
          region MX
          region in [MX, CO]
        = DEFAULT off
        """#,
        "the nearest level decides": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        * override: company is nearest: serves on
          platform off
          plan off
          company on
        = TARGETING_MATCH on
        """#,
        "a locked level decides": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        * override: organization is locked: serves off
          organization off (locked)
          user on
        = TARGETING_MATCH off
        """#,
        "overrides of others": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        - override: none applies
        * rollout: everybody: serves on
          percentage 100.0
        = STATIC on
        """#,
        "an override that the flag lacks": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        * override: platform is nearest: serves nothing
          platform gone
        = ERROR GENERAL
        """#,
        "listed": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        - target: not listed
          attribute targetingKey
          value ana
          values [ben]
        * target: listed: serves off
          attribute seat
          value 12.0
          values [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, and 2 more]
        = TARGETING_MATCH off
        """#,
        "the second rule matches": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        - rule: no match: clause 2 is not met
          rule seats
          clause 1 {attribute: seat, operator: number_less, value: 12.0, values: [100.0]}
          clause 2 {attribute: region, negated: true, operator: in, value: MX, values: [MX]}
        * rule: matched: serves off
          rule staff
          clause 1 {operator: segment, values: [beta]}
          clause 2 {attribute: email, operator: matches, value: ana@acme.com, values: [@acme\.com$]}
        = TARGETING_MATCH off
        """#,
        "a rule divides": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        - rule: matched: serves by weight
          rule half
        * weights: serves on
          salt checkout
          bucket by targetingKey
          on 50.0
          off 50.0
          bucket 35134.0
        = SPLIT on
        """#,
        "an operator of a newer version": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        - rule: no match: clause 1 is not met
          rule near
          clause 1 {attribute: place, operator: within, value: null, values: [5.0]}
        * rollout: everybody: serves on
          percentage 100.0
        = STATIC on
        ? within
        """#,
        "everybody": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        * rollout: everybody: serves on
          percentage 100.0
        = STATIC on
        """#,
        "nobody is in": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        * rollout: everybody: serves off
          percentage 0.0
        = STATIC off
        """#,
        "in the share": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        * rollout: below 90000: serves on
          percentage 90.0
          salt checkout
          bucket by targetingKey
          bucket 35134.0
        = SPLIT on
        """#,
        "not in the share": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        * rollout: not below 1000: serves off
          percentage 1.0
          salt checkout
          bucket by targetingKey
          bucket 35134.0
        = SPLIT off
        """#,
        "in the share, divided": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        - rollout: below 90000: in
          percentage 90.0
          salt checkout
          bucket by targetingKey
          bucket 35134.0
        * weights: serves on
          salt checkout
          bucket by targetingKey
          on 50.0
          off 50.0
          bucket 21662.0
        = SPLIT on
        """#,
        "nothing to bucket by": #"""
        - flag: found
          key checkout
          revision 7.0
        - state: open
          status active
          enabled true
          now 2026-02-02T02:40:00Z
        * rollout: the context lacks what is bucketed by
          percentage 50.0
          salt checkout
          bucket by targetingKey
        = ERROR TARGETING_KEY_MISSING
        """#,
    ]
}
