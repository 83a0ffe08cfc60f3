// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVitalRecords} from "./interfaces/IVitalRecords.sol";
import {Asserts} from "./test/Asserts.t.sol";
import {RegistryOffice} from "./test/RegistryOffice.t.sol";

/// Invariants of births and deaths, whatever anyone does. `RegistryOffice` besides asserts of every single request that
/// it is taken exactly where it should be.
contract VitalInvariantsTest is Asserts {
    struct FuzzSelector {
        address target;
        bytes4[] selectors;
    }

    RegistryOffice private office;

    function setUp() public {
        office = new RegistryOffice();
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](6);
        selectors[0] = RegistryOffice.wait_.selector;
        selectors[1] = RegistryOffice.reportSomeone.selector;
        selectors[2] = RegistryOffice.confirmSomeone.selector;
        selectors[3] = RegistryOffice.undoSomeone.selector;
        selectors[4] = RegistryOffice.objectOneself.selector;
        selectors[5] = RegistryOffice.willSomething.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(office), selectors);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(office);
    }

    function invariant_the_life_is_the_models() public view {
        IVitalRecords.Life memory life = office.vitalContract().lifeOf(office.handleOf());
        so(life.state == office.modelled(), "state");
        same(life.step, office.step());
        same(life.will, office.wills());
    }

    function invariant_a_death_has_a_digest_and_a_time_exactly_while_it_stands() public view {
        IVitalRecords vital = office.vitalContract();
        IVitalRecords.Life memory life = vital.lifeOf(office.handleOf());
        bool lives = life.state == IVitalRecords.LifeState.Living;
        same(vital.deathOf(office.handleOf()), lives ? bytes32(0) : office.digest());
        so((life.since != 0) == (life.state == IVitalRecords.LifeState.Dead), "since");
    }
}
