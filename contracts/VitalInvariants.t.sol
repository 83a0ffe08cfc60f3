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

    function invariant_births_and_deaths_are_the_models() public view {
        _isTheModels(true);
        _isTheModels(false);
        (, uint16 number) = office.vitalContract().willOf(office.handleOf());
        same(number, office.wills());
    }

    function _isTheModels(bool born) private view {
        IVitalRecords vital = office.vitalContract();
        bytes32 what = keccak256(bytes(born ? "birth" : "death"));
        IVitalRecords.Vital memory known = vital.vitalOf(what, office.handleOf());
        RegistryOffice.Model memory model = office.modelOf(born);
        so(known.stage == model.stage, "stage");
        same(known.step, model.step);
        bool stands = known.stage != IVitalRecords.Stage.None;
        same(vital.reportOf(what, office.handleOf()), stands ? model.digest : bytes32(0));
        so((known.since != 0) == (known.stage == IVitalRecords.Stage.Confirmed), "since");
    }
}
